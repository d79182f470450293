using NUnit.Framework;
using static WsSecurity.Tests.Policy.WsSecurityPolicy.PolicyXml;

namespace WsSecurity.Tests.Policy.WsSecurityPolicy;

internal sealed class WsdlReaderTests
{
    private static readonly string Endpoint = Wrap(Asymmetric() + "<sp:SignedParts><sp:Body/></sp:SignedParts>");

    private static readonly MessageParts Body = new() { Body = true };

    private static readonly MessageParts BodyAndTo = new() { Body = true, Headers = [new QualifiedName("urn:a", "To")] };

    [Test]
    public void FromWsdl_PolicyOfTheBinding_GoesForAllMessages()
    {
        var policy = Import(Wsdl(Endpoint));
        Assert.That(policy.SignedParts, Is.EqualTo((ProtectedParts)Body));
    }

    [Test]
    public void FromWsdl_PolicyOfAnOutput_GoesForReplies()
    {
        var policy = Import(Wsdl(Endpoint, outputs: "<wsp:PolicyReference URI='#To'/>"));
        Assert.That(policy.SignedParts, Is.EqualTo(new ProtectedParts { Request = Body, Reply = BodyAndTo }));
    }

    [Test]
    public void FromWsdl_PolicyOfOneOperation_GoesForItsActionsAndForUnknownOnes()
    {
        var policy = Import(Wsdl(Endpoint, first: "<wsp:PolicyReference URI='#To'/>"));
        Assert.That(policy.SignedParts!.Reply, Is.EqualTo(BodyAndTo));

        // The Action tells the operations apart, so that requests sign it.
        var action = new QualifiedName("http://www.w3.org/2005/08/addressing", "Action");
        Assert.That(policy.SignedParts.Request, Is.EqualTo(BodyAndTo with { Headers = [.. BodyAndTo.Headers, action] }));
        Assert.That(policy.SignedParts.Operations["urn:second"], Is.EqualTo(Body with { Headers = [action] }));
        Assert.That(policy.SignedParts.Operations["urn:svc:Type:SecondResponse"], Is.EqualTo(Body));
        Assert.That(policy.SignedParts.Operations, Has.Count.EqualTo(2));
    }

    [Test]
    public void FromWsdl_PolicyUris_AreRead()
    {
        var policy = Import(Wsdl(Endpoint).Replace("<w:portType ", "<w:portType wsp:PolicyURIs='#To' ", StringComparison.Ordinal));
        Assert.That(policy.SignedParts, Is.EqualTo((ProtectedParts)BodyAndTo));
    }

    [Test]
    public void FromWsdl_PolicyOfThePort_IsItsOwnPolicy()
    {
        var wsdl = Wsdl(Endpoint).Replace("</w:definitions>", "<w:service name='S'><w:port name='P' binding='t:B'><wsp:PolicyReference URI='#To'/></w:port></w:service></w:definitions>", StringComparison.Ordinal);
        Assert.That(Import(wsdl, "P").SignedParts, Is.EqualTo((ProtectedParts)BodyAndTo));
    }

    [Test]
    public void FromWsdl_OperationWithABindingOfItsOwn_IsRefused()
    {
        var import = Read(Wsdl(string.Empty, first: Endpoint, second: Wrap(Transport() + Username)));
        Assert.That(import.Refusal?.Unsupported, Has.Some.Contains("only parts and supporting tokens may differ by message"));
    }

    [Test]
    public void FromWsdl_PartsByOperationWithoutAnAction_AreRefused()
    {
        var wsdl = Wsdl(Endpoint, first: "<wsp:PolicyReference URI='#To'/>").Replace("w:portType name", "w:portType id", StringComparison.Ordinal);
        Assert.That(Read(wsdl).Refusal?.Unsupported, Has.Some.Contains("the action of an operation is not in this document"));
    }

    [Test]
    public void FromWsdl_FaultWithOtherPartsThanItsReply_IsRefused()
    {
        var wsdl = Wsdl(Endpoint).Replace("</w:output>", "</w:output><w:fault name='F'><wsp:PolicyReference URI='#To'/></w:fault>", StringComparison.Ordinal);
        Assert.That(Read(wsdl).Refusal?.Unsupported, Has.Some.Contains("parts of a fault differ"));
    }

    [Test]
    public void FromWsdl_WithoutAnyPolicy_HasNone() =>
        Assert.That(() => Import(Wsdl(string.Empty)), Throws.ArgumentException.With.Message.Contains("no policy"));

    private static SecurityPolicy Import(string wsdl, string? name = null)
    {
        using var reader = new StringReader(wsdl);
        return SecurityPolicy.FromWsdl(reader, name);
    }

    private static string Wsdl(string endpoint, string first = "", string second = "", string outputs = "") =>
        $"""
        <w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:svc" xmlns:wsp="{Wsp15}" targetNamespace="urn:svc">
          <wsp:Policy xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" u:Id="To" xmlns:sp="{Sp12}">
            <sp:SignedParts><sp:Header Name="To" Namespace="urn:a"/></sp:SignedParts>
          </wsp:Policy>
          <w:portType name="Type">
            <w:operation name="First"><w:input/><w:output/></w:operation>
            <w:operation name="Second"><w:input/><w:output/></w:operation>
          </w:portType>
          <w:binding name="B" type="t:Type">{endpoint}
            <w:operation name="First">{first}<s:operation soapAction="urn:first"/><w:input/><w:output>{outputs}</w:output></w:operation>
            <w:operation name="Second">{second}<s:operation soapAction="urn:second"/><w:input/><w:output>{outputs}</w:output></w:operation>
          </w:binding>
        </w:definitions>
        """;
}
