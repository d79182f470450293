using System.Text;
using System.Xml.Linq;
using NUnit.Framework;

namespace WsSecurity.Tests.Attacks;

/// <summary>
/// Whatever is done to a message on its way: either it is refused, by a <see cref="WsSecurityException"/> and nothing else, or what is
/// handed on is what was sent.
/// </summary>
public sealed class MutationTests
{
    private static IEnumerable<TestCaseData> Cases =>
        from preset in Presets.OfMessages
        from order in Enum.GetValues<MessageProtectionOrder>()
        select new TestCaseData(preset, order);

    [TestCaseSource(nameof(Cases))]
    public async Task VerifyRequest_ElementsMovedCopiedAndRemoved_RefusesOrHandsOnWhatWasSent(string preset, MessageProtectionOrder order)
    {
        var random = new Random(preset.Sum(character => character) + (int)order + 7777);
        await RunAsync(preset, order, 100, wire => Wire.Change(wire, message => Restructure(message, random)));
    }

    [TestCaseSource(nameof(Cases))]
    public async Task VerifyRequest_OctetsChanged_RefusesOrHandsOnWhatWasSent(string preset, MessageProtectionOrder order)
    {
        var random = new Random(preset.Sum(character => character) + (int)order + 7777);
        await RunAsync(preset, order, 100, wire =>
        {
            var changed = wire.ToArray();
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                changed[random.Next(changed.Length)] = (byte)(random.Next(3) == 0 ? random.Next(256) : "<>/=\"'&; #aAIdx0"u8[random.Next(16)]);
            }

            return changed;
        });
    }

    [TestCaseSource(nameof(Cases))]
    public void VerifyReply_ElementsMovedCopiedAndRemoved_RefusesOrHandsOnWhatWasSent(string preset, MessageProtectionOrder order)
    {
        var random = new Random(preset.Sum(character => character) + (int)order);
        var parties = Presets.Parties(preset, order);
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
        using var request = parties.Verify(wire);
        var plain = TestParties.Envelope(TestParties.Body11, "<a:Action>urn:calc/added</a:Action><a:RelatesTo>urn:uuid:1</a:RelatesTo>");
        var reply = parties.ProtectReply(request, plain);
        for (var i = 0; i < 100; i++)
        {
            var changed = Wire.Change(reply, message => Restructure(message, random));
            try
            {
                var message = pending.VerifyReply(changed, parties.Context);
                Assert.That(Signed(System.Buffers.BuffersExtensions.ToArray(message.Envelope)), Is.EqualTo(Signed(plain)), () => Encoding.UTF8.GetString(changed));
            }
            catch (WsSecurityException)
            {
                // Refused by name, which is all that is asked.
            }
        }
    }

    private static async Task RunAsync(string preset, MessageProtectionOrder order, int count, Func<byte[], byte[]> mutate)
    {
        var parties = Presets.Parties(Presets.ByName[preset] with { MessageProtectionOrder = order, DetectReplays = false });
        var plain = TestParties.Envelope(TestParties.Body11, Presets.Headers);
        var expected = Signed(plain);
        var wires = Enumerable.Range(0, count).Select(_ => mutate(parties.Protect(plain).Wire)).ToList();
        await Task.WhenAll(wires.Select(async wire =>
        {
            try
            {
                using var request = await parties.Recipient.VerifyRequestAsync(wire, parties.Context);
                Assert.That(Signed(System.Buffers.BuffersExtensions.ToArray(request.Message.Envelope)), Is.EqualTo(expected), () => Encoding.UTF8.GetString(wire));
            }
            catch (WsSecurityException)
            {
                // Refused by name, which is all that is asked.
            }
        }));
    }

    // The Body and the addressing headers, as an application reads them.
    private static string Signed(byte[] envelope)
    {
        var root = XDocument.Parse(Encoding.UTF8.GetString(envelope)).Root!;
        var soap = root.Name.Namespace;
        var headers = root.Element(soap + "Header")?.Elements().Where(header => header.Name.Namespace == Wire.Wsa) ?? [];
        return string.Join('|', headers.OrderBy(header => header.Name.LocalName, StringComparer.Ordinal).Append(root.Element(soap + "Body")).SelectMany(part => part!.DescendantsAndSelf())
            .Select(element => $"{element.Name}={(element.HasElements ? string.Empty : element.Value)}"));
    }

    private static void Restructure(Wire message, Random random)
    {
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var elements = message.Envelope.Descendants().ToList();
            var element = elements[random.Next(elements.Count)];
            var target = elements[random.Next(elements.Count)];
            switch (random.Next(8))
            {
                case 0 when element.Parent is not null && element != message.Body:
                    element.Remove();
                    break;
                case 1 when !target.AncestorsAndSelf().Contains(element):
                    element.Remove();
                    target.Add(element);
                    break;
                case 2:
                    target.AddFirst(new XElement(element));
                    break;
                case 3 when !target.AncestorsAndSelf().Contains(element):
                    target.AddAfterSelf(new XElement(element));
                    element.Remove();
                    break;
                case 4 when element.Attributes().FirstOrDefault(attribute => !attribute.IsNamespaceDeclaration) is { } attribute:
                    attribute.Remove();
                    break;
                case 5 when element.Attributes().FirstOrDefault(attribute => attribute.Name.LocalName is "Id" or "URI") is { } attribute:
                    var ids = elements.SelectMany(one => one.Attributes()).Where(one => one.Name.LocalName == "Id").Select(one => one.Value).ToList();
                    attribute.Value = (attribute.Name.LocalName == "URI" ? "#" : string.Empty) + ids[random.Next(ids.Count)];
                    break;
                case 6:
                    var copy = new XElement(message.Body);
                    copy.DescendantsAndSelf().Attributes().Where(attribute => attribute.Name.LocalName == "Id").Remove();
                    copy.ReplaceNodes(new XElement((XNamespace)"urn:calc" + "add", "1000000"));
                    target.AddFirst(copy);
                    break;
                default:
                    element.AddFirst(new XComment("-"), new XText(" "));
                    break;
            }

            if (message.Envelope.Element(message.Soap + "Body") is null)
            {
                return;
            }
        }
    }
}
