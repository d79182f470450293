namespace WsSecurity.Cli.SecondOpinion;

/// <summary>What <c>System.Security.Cryptography.Xml</c> says about one signature.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Explanation">By which key, or why not.</param>
internal sealed record SignatureOpinion(OpinionOutcome Outcome, string Explanation);

internal enum OpinionOutcome
{
    /// <summary>It comes to the same result as the engine.</summary>
    Agrees,

    /// <summary>It comes to another result.</summary>
    Disagrees,

    /// <summary>It cannot read the signature, or has no key for it.</summary>
    CannotRead,

    /// <summary>The message was refused for another reason than its signatures.</summary>
    NotInQuestion,
}
