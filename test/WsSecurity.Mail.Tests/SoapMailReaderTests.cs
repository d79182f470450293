using System.Text;
using NUnit.Framework;
using WsSecurity.Mail.Receiving;

namespace WsSecurity.Mail.Tests;

/// <summary>Whatever somebody sends, it is a mail with an envelope or it is refused: nothing else is thrown, and nothing is retried that cannot succeed.</summary>
public sealed class SoapMailReaderTests
{
    private const int MaxSize = 100_000;

    [Test]
    public void Read_OfMutatedMails_GivesAnEnvelopeOrRefuses()
    {
        var random = new Random(7);
        byte[][] corpus =
        [
            Mails.Order("gnome"),
            Mails.Order("gnome", change: mail => mail.Body = new MimeKit.Multipart("mixed", mail.Body!)),
            [.. "Content-Type: application/soap+xml; charset=\"utf-8\"; action*0=\"urn:\"; action*1=x\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"u8, .. "<a>=\r\n=3D</a>"u8],
            [.. "Content-Type: text/xml\r\nSOAPAction: =?utf-8?q?urn=3Ax?=\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<a/>"u8],
            [.. "Content-Type: message/rfc822\r\n\r\nContent-Type: text/xml\r\n\r\n<a/>"u8],
        ];
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var mail = corpus[i % corpus.Length].ToArray();

            // Mostly in the headers, where the structure is.
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                mail[random.Next(random.Next(4) == 0 ? mail.Length : Math.Min(mail.Length, 400))] = (byte)(random.Next(3) == 0 ? "\r\n:;=\"\0\t /"u8[random.Next(10)] : random.Next(256));
            }

            try
            {
                Assert.That(SoapMailReader.Read(mail[..random.Next(mail.Length + 1)], MaxSize).Octets, Has.Length.LessThanOrEqualTo(MaxSize));
                read++;
            }
            catch (UnreadableMailException)
            {
            }
        }

        Assert.That(read, Is.GreaterThan(1_000));
    }

    [TestCase("SOAPAction: \"urn:orders\"", "urn:orders")]
    [TestCase("SOAPAction: urn:orders", "urn:orders")]
    [TestCase("soapaction:\r\n \"urn:orders\"", "urn:orders")]
    [TestCase("SOAPAction: \"\"", null)]
    [TestCase("X: y", null)]
    public void Read_OfSoap11_TakesTheActionFromItsHeader(string header, string? action)
    {
        var mail = Encoding.ASCII.GetBytes($"Content-Type: text/xml; charset=UTF-8; action=\"urn:not-here\"\r\n{header}\r\n\r\n<a/>");
        var read = SoapMailReader.Read(mail, MaxSize);
        Assert.That(read.Action, Is.EqualTo(action));
        Assert.That(read.Charset, Is.EqualTo("UTF-8"));
    }

    [Test]
    public void Read_OfSoap12_TakesTheActionFromTheMediaType()
    {
        var read = SoapMailReader.Read("Content-Type: application/soap+xml;\r\n\taction=\"urn:orders\"\r\nSOAPAction: urn:not-here\r\n\r\n<a/>"u8.ToArray(), MaxSize);
        Assert.That(read.Action, Is.EqualTo("urn:orders"));
        Assert.That(read.Charset, Is.Null);
    }

    [Test]
    public void Read_OfContentThatGrows_StopsAtTheLimit() => Assert.That(
        () => SoapMailReader.Read([.. "Content-Type: text/xml\r\n\r\n"u8, .. new byte[MaxSize + 1]], MaxSize),
        Throws.InstanceOf<UnreadableMailException>().With.Message.Contains("MaxMessageSize"));
}
