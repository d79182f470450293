using System.Globalization;
using System.Text;

namespace WsSecurity.Benchmarks;

/// <summary>The plain envelopes that are measured.</summary>
internal static class Documents
{
    private const string Soap = "http://schemas.xmlsoap.org/soap/envelope/";

    private const string Addressing =
        "<a:Action s:mustUnderstand=\"1\">urn:example:orders/Submit</a:Action><a:MessageID>urn:uuid:5b1c1b0e-8f5c-4a3c-9f0e-0d7f3f1c2a11</a:MessageID>"
        + "<a:ReplyTo><a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo><a:To s:mustUnderstand=\"1\">http://service.example/orders</a:To>";

    /// <summary>10 MB: 100,000 rows of four fields; every prefix is declared where it is used first.</summary>
    public static byte[] Large() => Envelope(string.Empty, " xmlns:o=\"urn:example:orders\"", Rows(100_000));

    /// <summary>The same rows with every prefix declared on Envelope, as Axis and gSOAP write: exclusive canonical form has the declaration elsewhere.</summary>
    public static byte[] LargeDeclaredOnEnvelope() =>
        Envelope(" xmlns:o=\"urn:example:orders\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"", string.Empty, Rows(100_000));

    /// <summary>2 KB, with the WS-Addressing headers that WCF writes.</summary>
    public static byte[] Small() => Envelope(string.Empty, " xmlns:o=\"urn:example:orders\"", Rows(15), Addressing, " xmlns:a=\"http://www.w3.org/2005/08/addressing\"");

    private static byte[] Envelope(string onEnvelope, string onBatch, string rows, string headers = "", string forHeaders = "") => Encoding.UTF8.GetBytes(
        $"<s:Envelope xmlns:s=\"{Soap}\"{forHeaders}{onEnvelope}><s:Header>{headers}</s:Header><s:Body><o:batch{onBatch}>{rows}</o:batch></s:Body></s:Envelope>");

    private static string Rows(int count)
    {
        var rows = new StringBuilder(count * 104);
        for (var i = 0; i < count; i++)
        {
            rows.Append(
                CultureInfo.InvariantCulture,
                $"<o:row><o:id>{100_000 + i}</o:id><o:name>item {100_000 + i}</o:name><o:qty>{i % 90 + 10}</o:qty><o:price>{i % 9 + 1}.{i % 90 + 10}</o:price></o:row>");
        }

        return rows.ToString();
    }
}
