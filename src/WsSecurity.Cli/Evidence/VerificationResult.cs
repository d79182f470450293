using WsSecurity.Cli.SecondOpinion;

namespace WsSecurity.Cli.Evidence;

/// <summary>What came of a verification: the message or the refusal, and the second opinion where one was asked for.</summary>
internal sealed record VerificationResult(VerifiedMessage? Message, WsSecurityException? Refusal, SecondOpinionReport? SecondOpinion)
{
    public const string SecondOpinionDisagrees = "SecondOpinionDisagrees";

    public bool IsAccepted => Refusal is null && SecondOpinion?.Disagrees != true;

    /// <summary>The failure's name and, after a colon, its reason; null where the message is accepted.</summary>
    public string? Failure => (FailureName, Reason) is (not null, _) ? $"{FailureName}: {Reason}" : null;

    public string? FailureName => IsAccepted ? null : Refusal?.Failure.ToString() ?? SecondOpinionDisagrees;

    public string? Reason => IsAccepted ? null : Refusal?.Message ?? "System.Security.Cryptography.Xml comes to another result.";
}
