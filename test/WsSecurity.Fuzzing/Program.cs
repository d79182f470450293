using SharpFuzz;
using WsSecurity.Fuzzing;

// fuzz <target>             under libfuzzer-dotnet or afl-fuzz, after `sharpfuzz WsSecurity.dll` has instrumented the engine
// corpus [<target>]         runs every file of the corpus once
// mutate <target> <count>   without a fuzzer: runs that many random mutations of the corpus
switch (args)
{
    case ["fuzz", var name] when FuzzTarget.Find(name) is { } target:
        Fuzzer.LibFuzzer.Run(octets => target.Run(octets));
        return 0;

    case ["corpus"]:
        return FuzzTarget.All.Sum(Corpus.Run) == 0 ? 2 : 0;

    case ["corpus", var name] when FuzzTarget.Find(name) is { } target:
        return Corpus.Run(target) == 0 ? 2 : 0;

    case ["mutate", var name, var count] when FuzzTarget.Find(name) is { } target && int.TryParse(count, out int mutations):
        Corpus.Mutate(target, mutations);
        return 0;

    default:
        Console.Error.WriteLine($"Usage: fuzz <target> | corpus [<target>] | mutate <target> <count>; targets: {string.Join(", ", FuzzTarget.All.Select(target => target.Name))}");
        return 2;
}
