using System.Buffers;
using System.Collections.Frozen;

namespace WsSecurity.Tokens.X509;

/// <summary>The names that Java, OpenSSL, .NET, Windows and Bouncy Castle give to the attribute types of distinguished names.</summary>
internal static class AttributeTypes
{
    private const string SerialNumber = "2.5.4.5";

    private static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789.");

    // Written: the names of RFC 4514 section 3, which all of them read; all other types go as numbers with their DER.
    private static readonly FrozenDictionary<string, string> Written = new Dictionary<string, string>
    {
        ["2.5.4.3"] = "CN",
        ["2.5.4.6"] = "C",
        ["2.5.4.7"] = "L",
        ["2.5.4.8"] = "ST",
        ["2.5.4.9"] = "STREET",
        ["2.5.4.10"] = "O",
        ["2.5.4.11"] = "OU",
        ["0.9.2342.19200300.100.1.1"] = "UID",
        ["0.9.2342.19200300.100.1.25"] = "DC",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> Known = new Dictionary<string, string>
    {
        ["CN"] = "2.5.4.3",
        ["COMMONNAME"] = "2.5.4.3",
        ["SURNAME"] = "2.5.4.4",
        ["SN"] = "2.5.4.4",
        ["SERIALNUMBER"] = SerialNumber,
        ["C"] = "2.5.4.6",
        ["COUNTRYNAME"] = "2.5.4.6",
        ["L"] = "2.5.4.7",
        ["LOCALITYNAME"] = "2.5.4.7",
        ["ST"] = "2.5.4.8",
        ["S"] = "2.5.4.8",
        ["STATEORPROVINCENAME"] = "2.5.4.8",
        ["STREET"] = "2.5.4.9",
        ["STREETADDRESS"] = "2.5.4.9",
        ["O"] = "2.5.4.10",
        ["ORGANIZATIONNAME"] = "2.5.4.10",
        ["OU"] = "2.5.4.11",
        ["ORGANIZATIONALUNITNAME"] = "2.5.4.11",
        ["T"] = "2.5.4.12",
        ["TITLE"] = "2.5.4.12",
        ["DESCRIPTION"] = "2.5.4.13",
        ["BUSINESSCATEGORY"] = "2.5.4.15",
        ["POSTALADDRESS"] = "2.5.4.16",
        ["POSTALCODE"] = "2.5.4.17",
        ["POBOX"] = "2.5.4.18",
        ["POSTOFFICEBOX"] = "2.5.4.18",
        ["PHONE"] = "2.5.4.20",
        ["TELEPHONENUMBER"] = "2.5.4.20",
        ["NAME"] = "2.5.4.41",
        ["GN"] = "2.5.4.42",
        ["G"] = "2.5.4.42",
        ["GIVENNAME"] = "2.5.4.42",
        ["I"] = "2.5.4.43",
        ["INITIALS"] = "2.5.4.43",
        ["GENERATION"] = "2.5.4.44",
        ["GENERATIONQUALIFIER"] = "2.5.4.44",
        ["X500UNIQUEIDENTIFIER"] = "2.5.4.45",
        ["UNIQUEIDENTIFIER"] = "2.5.4.45",
        ["DNQ"] = "2.5.4.46",
        ["DN"] = "2.5.4.46",
        ["DNQUALIFIER"] = "2.5.4.46",
        ["PSEUDONYM"] = "2.5.4.65",
        ["ROLE"] = "2.5.4.72",
        ["ORGANIZATIONIDENTIFIER"] = "2.5.4.97",
        ["UID"] = "0.9.2342.19200300.100.1.1",
        ["USERID"] = "0.9.2342.19200300.100.1.1",
        ["DC"] = "0.9.2342.19200300.100.1.25",
        ["DOMAINCOMPONENT"] = "0.9.2342.19200300.100.1.25",
        ["E"] = "1.2.840.113549.1.9.1",
        ["EMAIL"] = "1.2.840.113549.1.9.1",
        ["EMAILADDRESS"] = "1.2.840.113549.1.9.1",
        ["UNSTRUCTUREDNAME"] = "1.2.840.113549.1.9.2",
        ["UNSTRUCTUREDADDRESS"] = "1.2.840.113549.1.9.8",
        ["JURISDICTIONL"] = "1.3.6.1.4.1.311.60.2.1.1",
        ["JURISDICTIONLOCALITYNAME"] = "1.3.6.1.4.1.311.60.2.1.1",
        ["JURISDICTIONST"] = "1.3.6.1.4.1.311.60.2.1.2",
        ["JURISDICTIONSTATEORPROVINCENAME"] = "1.3.6.1.4.1.311.60.2.1.2",
        ["JURISDICTIONC"] = "1.3.6.1.4.1.311.60.2.1.3",
        ["JURISDICTIONCOUNTRYNAME"] = "1.3.6.1.4.1.311.60.2.1.3",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The name that is written for a type; null for one that goes as a number.</summary>
    public static string? NameOf(string oid) => Written.GetValueOrDefault(oid);

    /// <summary>Whether a spelled name, or number with or without <c>OID.</c>, is that of a type.</summary>
    public static bool Matches(string spelled, string oid)
    {
        var number = spelled.StartsWith("OID.", StringComparison.OrdinalIgnoreCase) ? spelled[4..] : spelled;
        return number == oid
            || (Known.TryGetValue(spelled, out var known) && known == oid)
            // Bouncy Castle spells the serial number as others do the surname.
            || (oid == SerialNumber && spelled.Equals("SN", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether a type begins here, as behind a slash of OpenSSL's old form.</summary>
    public static bool IsKnown(ReadOnlySpan<char> spelled) => Known.ContainsKey(spelled.ToString()) || (spelled.Contains('.') && !spelled.ContainsAnyExcept(OfNumbers));
}
