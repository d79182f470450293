using NUnit.Framework;
using System.ServiceModel;
using System.ServiceModel.Channels;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.ServiceModel.Tests.Transports;

/// <summary>HTTP with every transfer mode, SOAP version and encoding, against Kestrel.</summary>
internal sealed class HttpTests
{
    private static readonly TransferMode[] TransferModes = [TransferMode.Buffered, TransferMode.Streamed, TransferMode.StreamedRequest, TransferMode.StreamedResponse];

    private static readonly string[] Encodings = ["Text11", "Text12", "TextUtf16", "Binary", "Mtom11", "Mtom12"];

    [Test]
    public async Task Echo_EveryEncodingAndTransferMode_RoundTrips([ValueSource(nameof(Encodings))] string encoding, [ValueSource(nameof(TransferModes))] TransferMode mode)
    {
        var service = new SecuredService(Policies.Mutual);
        await using var host = await HttpService.StartAsync(service, encoding.StartsWith("Text1", StringComparison.Ordinal) ? WireFormat.Text : WireFormat.Of(Create(encoding)));
        var binding = new CustomBinding(Create(encoding), new HttpTransportBindingElement { TransferMode = mode });
        using var proxy = Proxy.For(Proxy.Patient(binding).WithMessageSecurity(Policies.Mutual), host.Address);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(proxy.Channel.Echo("grüße <&>"), Is.EqualTo("grüße <&>"));
            Assert.That(await proxy.Channel.EchoAsync("async"), Is.EqualTo("async"));
            proxy.Channel.Notify("one way");
            await proxy.Channel.NotifyAsync("one way async");
            Assert.That(service.Requests, Has.Count.EqualTo(4));
            Assert.That(service.Refusals, Is.Empty);
            Assert.That(System.Text.Encoding.UTF8.GetString(service.Wire.First()), Does.Contain("Security"));
        }
    }

    [Test]
    public async Task Fail_SecuredFault_IsTheTypedFault([Values("Text11", "Text12", "Binary", "Mtom11")] string encoding)
    {
        await using var host = await HttpService.StartAsync(
            new SecuredService(Policies.Mutual), encoding.StartsWith("Text1", StringComparison.Ordinal) ? WireFormat.Text : WireFormat.Of(Create(encoding)));
        var binding = new CustomBinding(Create(encoding), new HttpTransportBindingElement());
        using var proxy = Proxy.For(Proxy.Patient(binding).WithMessageSecurity(Policies.Mutual), host.Address);

        var fault = Assert.Throws<FaultException<string>>(() => proxy.Channel.Fail("why"));
        Assert.That(fault.Detail, Is.EqualTo("why"));
    }

    private static MessageEncodingBindingElement Create(string encoding) => encoding switch
    {
        "Text11" => new TextMessageEncodingBindingElement(MessageVersion.Soap11, System.Text.Encoding.UTF8),
        "Text12" => new TextMessageEncodingBindingElement(MessageVersion.Soap12WSAddressing10, System.Text.Encoding.UTF8),
        "TextUtf16" => new TextMessageEncodingBindingElement(MessageVersion.Soap12WSAddressing10, System.Text.Encoding.Unicode),
        "Binary" => new BinaryMessageEncodingBindingElement(),
        "Mtom11" => new MtomMessageEncodingBindingElement(MessageVersion.Soap11, System.Text.Encoding.UTF8),
        _ => new MtomMessageEncodingBindingElement(MessageVersion.Soap12WSAddressing10, System.Text.Encoding.UTF8),
    };
}
