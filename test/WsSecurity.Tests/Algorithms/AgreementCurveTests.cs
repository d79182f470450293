using NUnit.Framework;
using WsSecurity.Algorithms;

namespace WsSecurity.Tests.Algorithms;

internal sealed class AgreementCurveTests
{
    private static readonly string[] Uris =
    [
        "urn:oid:1.2.840.10045.3.1.7", "urn:oid:1.3.132.0.34", "urn:oid:1.3.132.0.35",
        "urn:oid:1.3.36.3.3.2.8.1.1.7", "urn:oid:1.3.36.3.3.2.8.1.1.11", "urn:oid:1.3.36.3.3.2.8.1.1.13",
    ];

    [TestCaseSource(nameof(Uris))]
    public void Decode_WhatWasEncoded_IsTheKey(string uri)
    {
        var curve = AgreementCurve.Find(uri)!;
        using var key = curve.Generate();
        var point = curve.Encode(key);
        using var decoded = curve.Decode(point);

        Assert.That(curve.Encode(decoded), Is.EqualTo(point));
        Assert.That(AgreementCurve.Of(key), Is.SameAs(curve));
        Assert.That(AgreementCurve.Of(decoded), Is.SameAs(curve));
    }

    [TestCaseSource(nameof(Uris))]
    public void Decode_NoPointOfTheCurve_IsRefused(string uri)
    {
        var curve = AgreementCurve.Find(uri)!;
        using var key = curve.Generate();
        var point = curve.Encode(key);
        byte[] beside = [.. point];
        beside[^1] ^= 1;
        byte[] compressed = [(byte)(2 + (point[^1] & 1)), .. point.AsSpan(1, curve.FieldSize)];
        byte[] hybrid = [(byte)(6 + (point[^1] & 1)), .. point.AsSpan(1)];
        byte[] tooLarge = [4, .. Enumerable.Repeat((byte)255, 2 * curve.FieldSize)];
        byte[][] wrong = [beside, compressed, hybrid, tooLarge, [0], [], point[..^1], [.. point, 0], [4, .. new byte[2 * curve.FieldSize]]];
        foreach (var candidate in wrong)
        {
            Assert.That(() => curve.Decode(candidate), Refused.With(SecurityFailure.InvalidOriginatorKey));
        }
    }

    [TestCase("urn:oid:1.3.132.0.10")]
    [TestCase("urn:oid:1.3.101.110")]
    [TestCase("P-256")]
    [TestCase("")]
    public void Find_CurveThatIsNotSupported_GivesNone(string uri) => Assert.That(AgreementCurve.Find(uri), Is.Null);
}
