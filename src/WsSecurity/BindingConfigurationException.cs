namespace WsSecurity;

/// <summary>A binding's configuration cannot be used. The message names the key and what it accepts, and never repeats a secret.</summary>
public sealed class BindingConfigurationException : Exception
{
    internal BindingConfigurationException(string key, string reason, Exception? innerException = null)
        : base($"{key}: {reason}", innerException) => Key = key;

    /// <summary>The full path of the key, for example <c>WsSecurity:Bindings:Orders:ProtectionLevel</c>.</summary>
    public string Key { get; }
}
