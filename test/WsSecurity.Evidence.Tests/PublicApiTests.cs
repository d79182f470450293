using NUnit.Framework;
using PublicApiGenerator;
using WsSecurity.Evidence.PostgreSql;
using WsSecurity.Evidence.Sqlite;

namespace WsSecurity.Evidence.Tests;

public sealed class PublicApiTests
{
    [TestCase(typeof(SqliteEvidenceStore), "Sqlite.approved.txt")]
    [TestCase(typeof(PostgreSqlEvidenceStore), "PostgreSql.approved.txt")]
    public void PublicApi_IsTheApprovedOne(Type type, string file)
    {
        var path = Path.Combine(AppContext.BaseDirectory, file);
        var actual = type.Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n").Trim();
        File.WriteAllText(Path.ChangeExtension(path, "received.txt"), actual + "\n");
        Assert.That(actual, Is.EqualTo(File.ReadAllText(path).ReplaceLineEndings("\n").Trim()), $"approve the change by copying {Path.ChangeExtension(file, "received.txt")}");
    }
}
