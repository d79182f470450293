using System.Text;

namespace WsSecurity.CoreWcf.Tests.Hosting;

/// <summary>The two ends of one binding: the service's, and the client's.</summary>
internal sealed record Wire(string Name, CoreWCF.Channels.MessageEncodingBindingElement Service, System.ServiceModel.Channels.MessageEncodingBindingElement Client)
{
    public static IEnumerable<Wire> All => [Soap11, Soap12Addressing, Soap11Addressing, Soap12, Binary, CompressedBinary, Mtom];

    public static Wire Soap11 { get; } = Text("SOAP 1.1", CoreWCF.Channels.MessageVersion.Soap11, System.ServiceModel.Channels.MessageVersion.Soap11);

    public static Wire Soap12 { get; } = Text(
        "SOAP 1.2",
        CoreWCF.Channels.MessageVersion.CreateVersion(CoreWCF.EnvelopeVersion.Soap12, CoreWCF.Channels.AddressingVersion.None),
        System.ServiceModel.Channels.MessageVersion.CreateVersion(System.ServiceModel.EnvelopeVersion.Soap12, System.ServiceModel.Channels.AddressingVersion.None));

    public static Wire Soap11Addressing { get; } = Text(
        "SOAP 1.1, WS-Addressing",
        CoreWCF.Channels.MessageVersion.CreateVersion(CoreWCF.EnvelopeVersion.Soap11, CoreWCF.Channels.AddressingVersion.WSAddressing10),
        System.ServiceModel.Channels.MessageVersion.CreateVersion(System.ServiceModel.EnvelopeVersion.Soap11, System.ServiceModel.Channels.AddressingVersion.WSAddressing10));

    public static Wire Soap12Addressing { get; } = Text(
        "SOAP 1.2, WS-Addressing", CoreWCF.Channels.MessageVersion.Soap12WSAddressing10, System.ServiceModel.Channels.MessageVersion.Soap12WSAddressing10);

    public static Wire Binary { get; } = new(
        "binary", new CoreWCF.Channels.BinaryMessageEncodingBindingElement(), new System.ServiceModel.Channels.BinaryMessageEncodingBindingElement());

    public static Wire CompressedBinary { get; } = new(
        "compressed binary",
        new CoreWCF.Channels.BinaryMessageEncodingBindingElement { CompressionFormat = CoreWCF.Channels.CompressionFormat.GZip },
        new System.ServiceModel.Channels.BinaryMessageEncodingBindingElement { CompressionFormat = System.ServiceModel.Channels.CompressionFormat.GZip });

    public static Wire Mtom { get; } = new(
        "MTOM",
        new CoreWCF.Channels.MtomMessageEncodingBindingElement(CoreWCF.Channels.MessageVersion.Soap12WSAddressing10, Encoding.UTF8),
        new System.ServiceModel.Channels.MtomMessageEncodingBindingElement(System.ServiceModel.Channels.MessageVersion.Soap12WSAddressing10, Encoding.UTF8));

    public CoreWCF.Channels.CustomBinding ServiceHttp(bool isStreamed = false) => new(
        Service, new CoreWCF.Channels.HttpTransportBindingElement { TransferMode = isStreamed ? CoreWCF.TransferMode.Streamed : CoreWCF.TransferMode.Buffered });

    public CoreWCF.Channels.CustomBinding ServiceHttps() => new(Service, new CoreWCF.Channels.HttpsTransportBindingElement());

    public System.ServiceModel.Channels.CustomBinding ClientHttp(bool isStreamed = false) => Patient(new(
        Client,
        new System.ServiceModel.Channels.HttpTransportBindingElement { TransferMode = isStreamed ? System.ServiceModel.TransferMode.Streamed : System.ServiceModel.TransferMode.Buffered }));

    public System.ServiceModel.Channels.CustomBinding ClientHttps() => Patient(new(Client, new System.ServiceModel.Channels.HttpsTransportBindingElement()));

    public override string ToString() => Name;

    private static System.ServiceModel.Channels.CustomBinding Patient(System.ServiceModel.Channels.CustomBinding binding) =>
        WsSecurity.ServiceModel.Tests.Hosting.Proxy.Patient(binding);

    private static Wire Text(string name, CoreWCF.Channels.MessageVersion service, System.ServiceModel.Channels.MessageVersion client) => new(
        name,
        new CoreWCF.Channels.TextMessageEncodingBindingElement(service, Encoding.UTF8),
        new System.ServiceModel.Channels.TextMessageEncodingBindingElement(client, Encoding.UTF8));
}
