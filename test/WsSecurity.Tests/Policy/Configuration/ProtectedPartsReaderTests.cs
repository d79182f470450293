using NUnit.Framework;

namespace WsSecurity.Tests.Policy.Configuration;

public sealed class ProtectedPartsReaderTests
{
    [Test]
    public void Load_PartsOfEveryMessage_AreRead()
    {
        var policy = BindingFile.LoadPolicy(
            """
            "SignedParts": {
              "Body": true,
              "Headers": [ { "Namespace": "http://www.w3.org/2005/08/addressing" }, { "Namespace": "urn:h", "Name": "Session" } ],
              "Elements": [ { "Namespace": "urn:b", "Name": "CardNumber" } ] }
            """);

        Assert.That(policy.SignedParts, Is.EqualTo(new ProtectedParts
        {
            All = new MessageParts
            {
                Body = true,
                Headers = [new QualifiedName("http://www.w3.org/2005/08/addressing"), new QualifiedName("urn:h", "Session")],
                Elements = [new QualifiedName("urn:b", "CardNumber")],
            },
        }));
        Assert.That(policy.EncryptedParts, Is.Null);
    }

    [Test]
    public void Load_PathsAndRequiredParts_AreRead()
    {
        var policy = BindingFile.LoadPolicy(
            """
            "SignedParts": { "Body": true, "AllHeaders": true },
            "EncryptedParts": {
              "Paths": [ "//CardNumber", { "Path": "//b:Card[@type='credit']/b:Number", "Namespaces": { "b": "urn:b", "unused": "urn:u" } } ],
              "ContentPaths": [ { "Path": "//b:Comment", "Namespaces": { "b": "urn:b" } } ] },
            "RequiredParts": { "Request": { "Headers": [ { "Namespace": "urn:h", "Name": "Session" } ] },
              "Operations": { "urn:op": { "Paths": [ "//Id" ] } } }
            """);
        var namespaces = new Dictionary<string, string> { ["b"] = "urn:b" };

        Assert.That(policy.SignedParts, Is.EqualTo((ProtectedParts)new MessageParts { Body = true, AllHeaders = true }));
        Assert.That(policy.EncryptedParts, Is.EqualTo((ProtectedParts)new MessageParts
        {
            Paths = [LocationPath.Parse("//CardNumber"), LocationPath.Parse("//b:Card[@type='credit']/b:Number", namespaces)],
            ContentPaths = [LocationPath.Parse("//b:Comment", namespaces)],
        }));
        Assert.That(policy.RequiredParts, Is.EqualTo(new ProtectedParts
        {
            Request = new MessageParts { Headers = [new QualifiedName("urn:h", "Session")] },
            Operations = new Dictionary<string, MessageParts> { ["urn:op"] = new() { Paths = [LocationPath.Parse("//Id")] } },
        }));
    }

    [Test]
    public void Load_PartsByDirection_LeaveTheOthersToTheProtectionLevel()
    {
        var parts = BindingFile.LoadPolicy("\"EncryptedParts\": { \"Request\": { \"Body\": true }, \"Reply\": { \"Body\": false } }").EncryptedParts;

        Assert.That(parts, Is.EqualTo(new ProtectedParts { Request = new MessageParts { Body = true }, Reply = MessageParts.None }));
    }

    [Test]
    public void Load_PartsByAction_AreFoundUnderTheWholeUri()
    {
        var parts = BindingFile.LoadPolicy(
            """
            "SignedParts": { "Operations": {
              "http://example.org/Orders/Place": { "Body": true },
              "http://example.org:8080/Orders/List": { "Headers": [ { "Namespace": "urn:h" } ] },
              "urn:orders": { "Body": false },
              "urn:orders:cancel": { "Body": true, "Elements": [ { "Namespace": "urn:b", "Name": "Reason" } ] },
              "urn:Body": { "Body": true },
              "Plain": { "Body": true } } }
            """).SignedParts!;

        Assert.That(parts.All, Is.Null);
        Assert.That(parts.Operations, Is.EquivalentTo(new Dictionary<string, MessageParts>
        {
            ["http://example.org/Orders/Place"] = new() { Body = true },
            ["http://example.org:8080/Orders/List"] = new() { Headers = [new QualifiedName("urn:h")] },
            ["urn:orders"] = MessageParts.None,
            ["urn:orders:cancel"] = new() { Body = true, Elements = [new QualifiedName("urn:b", "Reason")] },
            ["urn:Body"] = new() { Body = true },
            ["Plain"] = new() { Body = true },
        }));
    }

    [TestCase("""{ "Header": [] , "Body": true }""", "Header", "is not a key that is known here; known: Body, AllHeaders, Headers, Elements, Paths, ContentPaths, Request, Reply, Operations")]
    [TestCase("""{ "Body": "signed" }""", "Body", "accepted: true, false")]
    [TestCase("""{ "Headers": [ "urn:h" ] }""", "Headers:0:Namespace", "is required")]
    [TestCase("""{ "Headers": [ { "Name": "To" } ] }""", "Headers:0:Namespace", "is required")]
    [TestCase("""{ "Headers": { "Namespace": "urn:h" } }""", "Headers", "expects a list, not an object")]
    [TestCase("""{ "Paths": [ "//a/.." ] }""", "Paths:0", "the parent axis")]
    [TestCase("""{ "Paths": [ { "Path": "//b:a" } ] }""", "Paths:0:Path", "the prefix 'b', which is not declared")]
    [TestCase("""{ "Paths": [ { "XPath": "//a" } ] }""", "Paths:0:Path", "is required")]
    [TestCase("""{ "Paths": "//a" }""", "Paths", "expects a list")]
    [TestCase("""{ "ContentPaths": [ { "Path": "//a", "Namespace": "urn:a" } ] }""", "ContentPaths:0:Namespace", "is not a key that is known here")]
    [TestCase("""{ "Request": true }""", "Request", "expects an object")]
    [TestCase("""{ "Request": { "Reply": { "Body": true } } }""", "Request:Reply", "is not a key that is known here")]
    [TestCase("""{ "Operations": { "urn:op": { "Bdy": true } } }""", "Operations:urn:op:Bdy", "known: Body, AllHeaders, Headers, Elements, Paths, ContentPaths")]
    [TestCase("""{ "Operations": { "urn:op": true } }""", "Operations:urn:op", "known: Body, AllHeaders, Headers, Elements, Paths, ContentPaths")]
    [TestCase("""{ "Operations": { "urn:op": { "Body": 1 } } }""", "Operations:urn:op:Body", "accepted: true, false")]
    public void Load_WrongParts_AreRefusedWithTheirPath(string parts, string key, string message)
    {
        Assert.That(
            () => BindingFile.LoadPolicy($"\"SignedParts\": {parts}"),
            Throws.TypeOf<BindingConfigurationException>()
                .With.Property(nameof(BindingConfigurationException.Key)).EqualTo($"WsSecurity:Bindings:Orders:SignedParts:{key}")
                .And.Message.Contains(message));
    }
}
