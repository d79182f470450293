namespace WsSecurity.Cli.SecondOpinion;

/// <summary>The names that the second opinion looks for; on purpose it shares none with the engine.</summary>
internal static class Namespaces
{
    // SOAP Message Security 1.0 and 1.1.1.
    public const string Wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    public const string Wsse11 = "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd";
    public const string Wsu = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

    // XML Signature and XML Encryption.
    public const string Dsig = "http://www.w3.org/2000/09/xmldsig#";
    public const string DsigMore = "http://www.w3.org/2001/04/xmldsig-more#";
    public const string Xenc = "http://www.w3.org/2001/04/xmlenc#";
    public const string Xenc11 = "http://www.w3.org/2009/xmlenc11#";

    // SOAP.
    public const string Soap11 = "http://schemas.xmlsoap.org/soap/envelope/";
    public const string Soap12 = "http://www.w3.org/2003/05/soap-envelope";
}
