namespace WsSecurity.Soap;

/// <summary>SOAP 1.1 (http://www.w3.org/TR/2000/NOTE-SOAP-20000508) and SOAP 1.2 Part 1.</summary>
internal static class SoapNamespaces
{
    public const string Soap11 = "http://schemas.xmlsoap.org/soap/envelope/";
    public const string Soap12 = "http://www.w3.org/2003/05/soap-envelope";

    // SOAP 1.2 Part 1, section 2.2.
    public const string UltimateReceiverRole = "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver";

    public static string Of(SoapVersion version) => version == SoapVersion.Soap11 ? Soap11 : Soap12;
}

/// <summary>WS-Addressing 1.0 Core and the submission of August 2004.</summary>
internal static class WsAddressing
{
    public const string Namespace = "http://www.w3.org/2005/08/addressing";
    public const string Namespace200408 = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
}
