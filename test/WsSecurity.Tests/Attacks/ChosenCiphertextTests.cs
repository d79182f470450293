using System.Buffers;
using System.Text;
using System.Xml.Linq;
using NUnit.Framework;

namespace WsSecurity.Tests.Attacks;

/// <summary>
/// Adaptive chosen ciphertexts: CBC (Jager and Somorovsky, "How to Break XML Encryption", 2011), RSA 1.5 (Bleichenbacher 1998), OAEP
/// (Manger 2001). Whatever a varied ciphertext decrypts to, the peer gets one answer.
/// </summary>
public sealed class ChosenCiphertextTests
{
    private static readonly byte[] UniformFault = Fault(new WsSecurityException(SecurityFailure.DecryptionFailed, string.Empty));

    private static readonly TestCaseData[] Suites =
    [
        new("MutualCertificateDuplex", AlgorithmSuite.Basic256Sha256),
        new("MutualCertificateDuplex", AlgorithmSuite.Basic128Sha256Rsa15),
        new("MutualCertificateDuplex", AlgorithmSuite.TripleDesSha256),
        new("UserNameUnderived", AlgorithmSuite.Basic256Sha256),
        new("UserNameForCertificate", AlgorithmSuite.Basic256Sha256),
        new("UserNameUnderived", AlgorithmSuite.Basic256GCMSha256),
    ];

    [TestCaseSource(nameof(Suites))]
    public async Task VerifyRequest_EveryBitOfABlockFlipped_GetsOneAnswer(string preset, AlgorithmSuite suite)
    {
        foreach (var order in Enum.GetValues<MessageProtectionOrder>().Where(order => order != MessageProtectionOrder.EncryptBeforeSign))
        {
            var parties = Presets.Parties(Presets.ByName[preset] with { DefaultAlgorithmSuite = suite, MessageProtectionOrder = order });
            var wire = parties.Protect(headers: Presets.Headers);
            var values = Wire.Of(wire).Envelope.Descendants(Wire.Xenc + "EncryptedData").Count();
            var variants = new List<byte[]>();
            for (var value = 0; value < values; value++)
            {
                var length = Convert.FromBase64String(Value(Wire.Of(wire), "EncryptedData", value).Value).Length;

                // The first block hides the initialization vector, the last two decide on the padding.
                int[] octets = [.. Enumerable.Range(0, 16), .. Enumerable.Range(length - 32, 32)];
                variants.AddRange(octets.Select(octet => Flip(wire, "EncryptedData", value, octet, 1 << (octet % 8))));
            }

            await AssertOneAnswerAsync(parties, variants);
        }
    }

    [TestCaseSource(nameof(Suites))]
    public async Task VerifyRequest_EncryptedKeyVaried_GetsOneAnswer(string preset, AlgorithmSuite suite)
    {
        var parties = Presets.Parties(Presets.ByName[preset] with { DefaultAlgorithmSuite = suite });
        var wire = parties.Protect(headers: Presets.Headers);
        await AssertOneAnswerAsync(parties, [.. Enumerable.Range(0, 64).Select(octet => Flip(wire, "EncryptedKey", 0, octet * 4, 1 << (octet % 8)))]);
    }

    [TestCaseSource(nameof(Suites))]
    public async Task VerifyRequest_CiphertextCutShort_GetsOneAnswer(string preset, AlgorithmSuite suite)
    {
        var parties = Presets.Parties(Presets.ByName[preset] with { DefaultAlgorithmSuite = suite });
        var wire = parties.Protect(headers: Presets.Headers);
        var variants = new List<byte[]>();
        foreach (var kind in new[] { "EncryptedData", "EncryptedKey" })
        {
            foreach (var length in new[] { 1, 8, 15, 16, 17, 27, 28, 32, 33, 48 })
            {
                variants.Add(Wire.Change(wire, message =>
                {
                    var value = Value(message, kind, 0);
                    value.Value = Convert.ToBase64String(Convert.FromBase64String(value.Value)[..length]);
                }));
            }
        }

        await AssertOneAnswerAsync(parties, variants);
    }

    [TestCase("<x:y xmlns:x='urn:unknown'/>")]
    [TestCase("<ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'/>")]
    [TestCase("<u:Timestamp xmlns:u='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd'/>")]
    [TestCase("<w:UsernameToken xmlns:w='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'/>")]
    [TestCase("<w:BinarySecurityToken xmlns:w='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'>AAAA</w:BinarySecurityToken>")]
    [TestCase("no xml")]
    public void VerifyRequest_WhateverIsDecryptedInTheHeader_GetsOneAnswer(string plaintext)
    {
        // With CBC the sender of these need not know the key: he varies a ciphertext until it decrypts to something that the header
        // can hold, and the answer must not tell him that it did.
        byte[] secret = [.. Enumerable.Repeat((byte)9, 32)];
        var suite = AlgorithmSuite.Basic256Sha256;
        var key = Forgery.EncryptedKey(secret, TestKeys.Service, suite: suite, references: ["data"]);
        var wire = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now.AddHours(-1)) + key.Xml + Forgery.EncryptedData(secret, plaintext, contentOnly: false, suite: suite));
        var parties = Presets.Parties(Presets.ByName["UserNameUnderived"] with { DefaultAlgorithmSuite = suite });
        var refusal = Assert.Throws<WsSecurityException>(() => parties.Verify(Encoding.UTF8.GetBytes(wire)))!;
        Assert.That(Fault(refusal), Is.EqualTo(UniformFault), refusal.Message);
    }

    [Test]
    public void VerifyRequest_OldMessageThatIsWhole_MayBeCalledOld()
    {
        // Once a signature vouches for all of the ciphertext nobody varied it, and the standard answer helps an honest client.
        var parties = Presets.Parties("MutualCertificateDuplex");
        var wire = parties.Protect();
        parties.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.That(() => parties.Verify(wire), Throws.InstanceOf<WsSecurityException>().With.Property("Failure").EqualTo(SecurityFailure.MessageExpired).And.Property("FaultCode").EqualTo(SecurityFaultCode.MessageExpired));
        var refusal = Assert.Throws<WsSecurityException>(() => parties.Verify(Flip(wire, "EncryptedData", 0, 40, 1)))!;
        Assert.That(Fault(refusal), Is.EqualTo(UniformFault));
    }

    [Test]
    public void VerifyRequest_AlgorithmsThatAreRefused_AreRefusedBeforeAKeyIsUsed()
    {
        var parties = Presets.Parties("MutualCertificateDuplex");
        var changed = Wire.Change(parties.Protect(), message => message.Body.Descendants(Wire.Xenc + "EncryptionMethod").Single().SetAttributeValue("Algorithm", "http://www.w3.org/2001/04/xmlenc#aes256-cbc"));
        var refusal = Assert.Throws<WsSecurityException>(() => parties.Verify(changed))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refusal.Failure, Is.EqualTo(SecurityFailure.EncryptionAlgorithmNotAllowed));
            Assert.That(refusal.FaultCode, Is.EqualTo(SecurityFaultCode.UnsupportedAlgorithm));
        }
    }

    private static async Task AssertOneAnswerAsync(TestParties parties, IReadOnlyCollection<byte[]> variants)
    {
        var refusals = await Task.WhenAll(variants.Select(async wire =>
        {
            try
            {
                using var request = await parties.Recipient.VerifyRequestAsync(wire, parties.Context);
                return null;
            }
            catch (WsSecurityException exception)
            {
                return exception;
            }
        }));
        using (Assert.EnterMultipleScope())
        {
            // The octets of ISO 10126 padding are random, and whatever replaces them is the same message.
            var isAuthenticated = parties.ServicePolicy.DefaultAlgorithmSuite.ContentEncryption.IsAuthenticated;
            Assert.That(refusals.Count(refusal => refusal is null), Is.LessThanOrEqualTo(isAuthenticated ? 0 : 1), "A varied message was accepted.");
            foreach (var refusal in refusals.OfType<WsSecurityException>())
            {
                Assert.That(Fault(refusal), Is.EqualTo(UniformFault), refusal.Message);
            }
        }
    }

    private static byte[] Fault(WsSecurityException refusal)
    {
        var output = new ArrayBufferWriter<byte>();
        Recipient.WriteFault(refusal, SoapVersion.Soap11, output);
        return output.WrittenSpan.ToArray();
    }

    private static XElement Value(Wire wire, string kind, int number) =>
        wire.Envelope.Descendants(Wire.Xenc + kind).ElementAt(number).Element(Wire.Xenc + "CipherData")!.Element(Wire.Xenc + "CipherValue")!;

    private static byte[] Flip(byte[] wire, string kind, int number, int octet, int bits) => Wire.Change(wire, message =>
    {
        var value = Value(message, kind, number);
        var octets = Convert.FromBase64String(value.Value);
        octets[octet] ^= (byte)bits;
        value.Value = Convert.ToBase64String(octets);
    });
}
