using System.Text;
using NUnit.Framework;
using WsSecurity.Xml;

namespace WsSecurity.Tests.Xml;

[TestFixture]
internal sealed class XmlBalanceTests
{
    [TestCase("")]
    [TestCase("text &amp; more")]
    [TestCase("<a/>")]
    [TestCase("<a><b x='</a>'>t</b></a><c/> tail")]
    [TestCase("<!-- <a> --><![CDATA[</a>]]>")]
    public void CheckBalanced_BalancedContent_Passes(string content) => Assert.That(Check(content, exactlyOne: false), Is.EqualTo(SecurityFailure.None));

    [TestCase("<a>")]
    [TestCase("</a>")]
    [TestCase("</a><a>")]
    [TestCase("<a></a></b><b>")]
    [TestCase("<a")]
    [TestCase("<a x='>")]
    [TestCase("<a <b>")]
    [TestCase("<!-- ")]
    [TestCase("<![CDATA[ ")]
    [TestCase("a &am")]
    [TestCase("<a>&lt</a>")]
    public void CheckBalanced_ContentThatReachesOut_FailsWithMalformedXml(string content) =>
        Assert.That(Check(content, exactlyOne: false), Is.EqualTo(SecurityFailure.MalformedXml));

    [TestCase("<!DOCTYPE a>", SecurityFailure.DocumentTypeNotAllowed)]
    [TestCase("<?pi?>", SecurityFailure.ProcessingInstructionNotAllowed)]
    [TestCase("<?xml version='1.0'?><a/>", SecurityFailure.ProcessingInstructionNotAllowed)]
    public void CheckBalanced_WhatSoapForbids_FailsWithItsReason(string content, SecurityFailure failure) =>
        Assert.That(Check(content, exactlyOne: false), Is.EqualTo(failure));

    [TestCase("<a/>", SecurityFailure.None)]
    [TestCase(" \r\n<a><b/><b/>t<!-- c --></a>\t", SecurityFailure.None)]
    [TestCase("", SecurityFailure.MalformedXml)]
    [TestCase("  ", SecurityFailure.MalformedXml)]
    [TestCase("<a/><b/>", SecurityFailure.MalformedXml)]
    [TestCase("<a/>t", SecurityFailure.MalformedXml)]
    [TestCase("<!-- c --><a/>", SecurityFailure.MalformedXml)]
    [TestCase("<a/><![CDATA[]]>", SecurityFailure.MalformedXml)]
    public void CheckBalanced_ExactlyOneElement_PassesNothingElse(string content, SecurityFailure failure) =>
        Assert.That(Check(content, exactlyOne: true), Is.EqualTo(failure));

    [Test]
    public void CheckBalanced_CharacterCutOff_FailsWithInvalidEncoding() =>
        Assert.That(
            XmlTesting.FailureOf(() => XmlIndex.CheckBalanced([(byte)'a', 0xE2, 0x82], exactlyOneElement: false)),
            Is.EqualTo(SecurityFailure.InvalidEncoding));

    private static SecurityFailure Check(string content, bool exactlyOne) =>
        XmlTesting.FailureOf(() => XmlIndex.CheckBalanced(Encoding.UTF8.GetBytes(content), exactlyOne));
}
