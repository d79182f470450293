using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WsSecurity.Cli.Evidence;

/// <summary>Prints what a message proved, for programs.</summary>
internal static class EvidenceJson
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(VerificationResult result)
    {
        var json = new JsonObject { ["accepted"] = result.IsAccepted };
        if (!result.IsAccepted)
        {
            json["failure"] = result.FailureName;
            json["reason"] = result.Reason;
        }

        if (result.Message is { } message)
        {
            json["soapVersion"] = message.SoapVersion.ToString();
            json["action"] = message.Action;
            json["isFault"] = message.IsFault;
            json["evidence"] = Write(message.Evidence);
        }

        if (result.SecondOpinion is { } opinion)
        {
            json["secondOpinion"] = List(opinion.Signatures, signature => new JsonObject
            {
                ["outcome"] = signature.Outcome.ToString(),
                ["explanation"] = signature.Explanation,
            });
        }

        return json.ToJsonString(Format);
    }

    private static JsonObject Write(ProtectionEvidence evidence) => new()
    {
        ["created"] = evidence.Created,
        ["expires"] = evidence.Expires,
        ["signatures"] = List(evidence.Signatures, signature => new JsonObject
        {
            ["token"] = signature.Token is { } token ? Write(token) : null,
            ["signatureAlgorithm"] = signature.SignatureAlgorithm,
            ["wasEncrypted"] = signature.WasEncrypted,
            ["isEndorsing"] = signature.IsEndorsing,
            ["parts"] = List(signature.Parts, part => new JsonObject
            {
                ["path"] = part.Path,
                ["digestAlgorithm"] = part.DigestAlgorithm,
                ["canonicalizationAlgorithm"] = part.CanonicalizationAlgorithm,
                ["overEncryptedData"] = part.OverEncryptedData,
            }),
        }),
        ["encryptedParts"] = List(evidence.EncryptedParts, part => new JsonObject
        {
            ["path"] = part.Path,
            ["contentOnly"] = part.ContentOnly,
            ["encryptionAlgorithm"] = part.EncryptionAlgorithm,
            ["keyTransportAlgorithm"] = part.KeyTransportAlgorithm,
        }),
        ["tokens"] = List(evidence.Tokens, Write),
    };

    private static JsonObject Write(VerifiedToken token) => token switch
    {
        X509VerifiedToken x509 => new JsonObject
        {
            ["type"] = "X509",
            ["name"] = x509.Name,
            ["thumbprint"] = x509.Certificate.Thumbprint,
            ["trustDomain"] = x509.TrustDomain,
        },
        _ => new JsonObject { ["type"] = "Username", ["name"] = token.Name },
    };

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode> write) => new([.. items.Select(write)]);
}
