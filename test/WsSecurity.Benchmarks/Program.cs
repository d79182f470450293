using BenchmarkDotNet.Running;
using WsSecurity.Benchmarks;

switch (args)
{
    case ["--quick", ..]:
        QuickTable.Run(Console.Out);
        break;
    case ["--evidence"]:
        await EvidenceTable.RunAsync(Console.Out);
        break;
    case ["--memory", var operation]:
        MemoryProbe.Measure(operation, Console.Out);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(QuickTable).Assembly).Run(args);
        break;
}
