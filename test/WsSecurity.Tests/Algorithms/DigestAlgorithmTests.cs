using System.Text;
using NUnit.Framework;
using WsSecurity.Algorithms;

namespace WsSecurity.Tests.Algorithms;

internal sealed class DigestAlgorithmTests
{
    // FIPS 180-4's example message "abc".
    private static readonly TestCaseData<DigestAlgorithm, string>[] Abc =
    [
        new(DigestAlgorithm.Sha1, "A9993E364706816ABA3E25717850C26C9CD0D89D"),
        new(DigestAlgorithm.Sha256, "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"),
        new(DigestAlgorithm.Sha384, "CB00753F45A35E8BB5A03D699AC65007272C32AB0EDED1631A8B605A43FF5BED8086072BA1E7CC2358BAECA134C825A7"),
        new(
            DigestAlgorithm.Sha512,
            "DDAF35A193617ABACC417349AE20413112E6FA4E89A97EA20A9EEEE64B55D39A" +
            "2192992A274FC1A836BA3C23A3FEEBBD454D4423643CE80E2A9AC94FA54CA49F"),
    ];

    private static IEnumerable<DigestAlgorithm> All => AlgorithmRegistry.Digests;

    [TestCaseSource(nameof(Abc))]
    public void Hash_ExampleOfTheStandard_Fits(DigestAlgorithm algorithm, string expected) =>
        Assert.That(Convert.ToHexString(algorithm.Hash("abc"u8)), Is.EqualTo(expected));

    [TestCaseSource(nameof(All))]
    public void Hash_AllThreeForms_Agree(DigestAlgorithm algorithm)
    {
        var data = Encoding.UTF8.GetBytes("<Body>up and away</Body>");
        var destination = new byte[algorithm.Size];
        using var incremental = algorithm.CreateHash();
        incremental.AppendData(data, 0, 5);
        incremental.AppendData(data, 5, data.Length - 5);

        Assert.That(algorithm.Hash(data, destination), Is.EqualTo(algorithm.Size));
        Assert.That(destination, Is.EqualTo(algorithm.Hash(data)));
        Assert.That(incremental.GetHashAndReset(), Is.EqualTo(destination));
    }

    [TestCaseSource(nameof(All))]
    public void Hash_DestinationTooSmall_IsTheCallersMistake(DigestAlgorithm algorithm) =>
        Assert.That(() => algorithm.Hash([], new byte[algorithm.Size - 1]), Throws.ArgumentException);
}
