using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace WsSecurity.CoreWcf;

/// <summary>The bindings of the host's configuration.</summary>
internal sealed class ConfiguredBindings(IConfiguration configuration, IHostEnvironment environment)
{
    /// <summary>Reads one; relative paths resolve against the content root.</summary>
    /// <param name="name">Its name below <c>WsSecurity:Bindings</c>.</param>
    public BindingConfiguration Load(string name) => BindingConfiguration.Load(
        configuration, name, new BindingConfigurationOptions { BasePath = environment.ContentRootPath, EnvironmentName = environment.EnvironmentName });
}
