namespace WsSecurity.Tokens.Kerberos;

/// <summary>The name of a principal as the library writes it: <c>name@REALM</c>, special characters with a backslash in front (RFC 1964, section 2.1.1).</summary>
internal static class PrincipalName
{
    /// <summary>The realm of a principal; empty where it has none.</summary>
    public static string RealmOf(string principal)
    {
        for (var i = 0; i < principal.Length; i++)
        {
            if (principal[i] == '\\')
            {
                i++;
            }
            else if (principal[i] == '@')
            {
                return principal[(i + 1)..];
            }
        }

        return string.Empty;
    }
}
