namespace WsSecurity;

/// <summary>What <see cref="BindingConfiguration.Load"/> needs to know of its surroundings.</summary>
public sealed record BindingConfigurationOptions
{
    /// <summary>The folder of the configuration file, against which relative paths resolve.</summary>
    /// <value>The application's folder.</value>
    public string BasePath { get; init; } = AppContext.BaseDirectory;

    /// <summary>The name of the host's environment. In Production a binding that lists passwords of <c>Users</c> is refused.</summary>
    /// <value>Production, as hosts have it where nothing else is said.</value>
    public string EnvironmentName { get; init; } = "Production";

    /// <summary>How often a <see cref="BindingMonitor{TRole}"/> looks whether the files of the binding have changed; zero: never.</summary>
    /// <value>30 seconds. A change is taken at the second look that finds it.</value>
    public TimeSpan ReloadInterval { get; init; } = TimeSpan.FromSeconds(30);

    internal Action<string>? FileRead { get; init; }
}
