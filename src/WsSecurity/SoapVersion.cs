namespace WsSecurity;

/// <summary>The SOAP version of an envelope.</summary>
public enum SoapVersion
{
    /// <summary>SOAP 1.1 (http://schemas.xmlsoap.org/soap/envelope/).</summary>
    Soap11,

    /// <summary>SOAP 1.2 (http://www.w3.org/2003/05/soap-envelope).</summary>
    Soap12,
}
