using System.Text;

namespace WsSecurity.Tests.Policy.AppConfig;

/// <summary>Configurations of .NET Framework as text.</summary>
internal static class AppConfigText
{
    public static string Document(string serviceModel) =>
        $"""
        <?xml version="1.0" encoding="utf-8"?>
        <configuration>
          <system.serviceModel>
        {serviceModel}
          </system.serviceModel>
        </configuration>
        """;

    public static string Custom(string security) => Document($"""
            <bindings>
              <customBinding>
                <binding name="Orders">
                  {security}
                  <textMessageEncoding messageVersion="Soap11" />
                  <httpTransport />
                </binding>
              </customBinding>
            </bindings>
        """);

    public static string Standard(string kind, string security) =>
        Document($"<bindings><{kind}><binding name=\"Orders\" sendTimeout=\"00:02:00\">{security}</binding></{kind}></bindings>");

    public static AppConfigImport Read(string configuration, string? name = null)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(configuration));
        return AppConfigImport.Read(stream, name);
    }

    public static IReadOnlyList<AppConfigImport> ReadAll(string configuration)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(configuration));
        return AppConfigImport.ReadAll(stream);
    }

    public static SecurityPolicy ReadPolicy(string configuration, string? name = null)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(configuration));
        return SecurityPolicy.FromAppConfig(stream, name);
    }
}
