namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>How parts are said in XPath that WS-SecurityPolicy has no assertion for, whatever the version of SOAP.</summary>
internal static class PartPaths
{
    public const string AllHeaders = "/*/*[local-name()='Header']/*";

    /// <summary>Elements of that name at any depth of the Body.</summary>
    public static string InBody(string name) => $"/*/*[local-name()='Body']//{name}";
}
