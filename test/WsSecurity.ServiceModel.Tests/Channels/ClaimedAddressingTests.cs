using NUnit.Framework;
using System.ServiceModel.Channels;
using WsSecurity.ServiceModel.Channels;

namespace WsSecurity.ServiceModel.Tests.Channels;

internal sealed class ClaimedAddressingTests
{
    private const string Soap = "http://www.w3.org/2003/05/soap-envelope";
    private const string Wsa = "http://www.w3.org/2005/08/addressing";

    [Test]
    public void Read_AddressingHeaders_AreClaimed()
    {
        var headers = Read($"<s:Envelope xmlns:s='{Soap}' xmlns:a='{Wsa}'> <s:Header> <x><y/></x> <a:Action> urn:a </a:Action><a:To>urn:to</a:To><a:MessageID>urn:id</a:MessageID>" +
            $"<a:RelatesTo RelationshipType='urn:other'>urn:no</a:RelatesTo><a:RelatesTo>urn:yes</a:RelatesTo><a:RelatesTo>urn:late</a:RelatesTo><a:From/></s:Header><s:Body/></s:Envelope>");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(headers.Action, Is.EqualTo("urn:a"));
            Assert.That(headers.To, Is.EqualTo(new Uri("urn:to")));
            Assert.That(headers.MessageId!.ToString(), Is.EqualTo("urn:id"));
            Assert.That(headers.RelatesTo!.ToString(), Is.EqualTo("urn:yes"));
        }
    }

    [TestCase("")]
    [TestCase("garbage")]
    [TestCase("<s:Envelope xmlns:s='" + Soap + "'><s:Body/></s:Envelope>")]
    [TestCase("<s:Envelope xmlns:s='" + Soap + "'><s:Header/><s:Body/></s:Envelope>")]
    [TestCase("<s:Envelope xmlns:s='" + Soap + "'/>")]
    [TestCase("<s:Envelope xmlns:s='" + Soap + "'><s:Header><a:RelatesTo xmlns:a='" + Wsa + "'/></s:Header></s:Envelope>")]
    [TestCase("<s:Envelope xmlns:s='" + Soap + "'><s:Header><a:RelatesTo xmlns:a='" + Wsa + "'><z/></a:RelatesTo></s:Header></s:Envelope>")]
    [TestCase("<s:Envelope xmlns:s='" + Soap + "'><s:Header><RelatesTo>urn:x</RelatesTo></s:Header></s:Envelope>")]
    [TestCase("<!DOCTYPE x><s:Envelope xmlns:s='" + Soap + "'/>")]
    public void Read_WhatIsNotReadable_ClaimsNothing(string envelope) => Assert.That(Read(envelope).RelatesTo, Is.Null);

    [Test]
    public void Read_WithoutAddressing_ClaimsNothing() => Assert.That(
        ClaimedAddressing.Read(System.Text.Encoding.UTF8.GetBytes($"<s:Envelope xmlns:s='{Soap}' xmlns:a='{Wsa}'><s:Header><a:Action>urn:a</a:Action></s:Header></s:Envelope>"), MessageVersion.Soap11).Action,
        Is.Null);

    private static MessageHeaders Read(string envelope) => ClaimedAddressing.Read(System.Text.Encoding.UTF8.GetBytes(envelope), MessageVersion.Soap12WSAddressing10);
}
