namespace WsSecurity.Cli.Policies;

/// <summary>A policy that a document has, or why it cannot be had.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Policy">Null where it is refused.</param>
/// <param name="Refusal">Null where it is not.</param>
/// <param name="Explanation">What the reader should know beside it, a sentence each.</param>
/// <param name="Credentials">What the document says of certificates; null where it says nothing.</param>
internal sealed record FoundPolicy(
    string Name, SecurityPolicy? Policy, PolicyImportException? Refusal, IReadOnlyList<string> Explanation, AppConfigCredentials? Credentials = null)
{
    public static FoundPolicy Of(PolicyImport import) => new(import.Name, import.Policy, import.Refusal, import.Explanation);

    public static FoundPolicy Of(AppConfigImport import) => new(import.Name, import.Policy, import.Refusal, import.Explanation, import.Credentials);
}
