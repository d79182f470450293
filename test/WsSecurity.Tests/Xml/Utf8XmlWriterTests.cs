using System.Buffers;
using System.Text;
using NUnit.Framework;
using WsSecurity.Xml;

namespace WsSecurity.Tests.Xml;

[TestFixture]
internal sealed class Utf8XmlWriterTests
{
    [Test]
    public void Write_DeclarationsAndAttributesInAnyOrder_SortsThem()
    {
        Assert.That(
            Written(writer =>
            {
                writer.StartElement("p", "a");
                writer.Attribute("q", "x", "1");
                writer.Attribute("", "z", "2");
                writer.NamespaceDeclaration("q", "urn:1");
                writer.NamespaceDeclaration("p", "urn:2");
                writer.Attribute("", "y", "3");
                writer.Attribute("p", "w", "4");
                writer.Attribute("xml", "lang", "de");
                writer.NamespaceDeclaration("", "urn:3");
                writer.EndElement();
            }),
            Is.EqualTo("<p:a xmlns=\"urn:3\" xmlns:p=\"urn:2\" xmlns:q=\"urn:1\" y=\"3\" z=\"2\" xml:lang=\"de\" q:x=\"1\" p:w=\"4\"></p:a>"));
    }

    [Test]
    public void Write_SpecialCharacters_EscapesAsCanonicalizationDoes()
    {
        Assert.That(
            Written(writer =>
            {
                writer.StartElement("", "a");
                writer.Attribute("", "b", "&<>\"'\t\n\r\u20AC");
                writer.Text("&<>\"'\t\n\r\U0001F600");
                writer.EndElement();
            }),
            Is.EqualTo("<a b=\"&amp;&lt;>&quot;'&#x9;&#xA;&#xD;\u20AC\">&amp;&lt;&gt;\"'\t\n&#xD;\U0001F600</a>"));
    }

    [Test]
    public void Write_NestedElements_NeedDeclareAPrefixOnce()
    {
        Assert.That(
            Written(writer =>
            {
                writer.StartElement("p", "a");
                writer.NamespaceDeclaration("p", "urn:p");
                writer.StartElement("p", "b");
                writer.RawMarkup("<c></c>"u8);
                writer.EndElement();
                writer.StartElement("q", "d");
                writer.EndElement();
                writer.EndElement();
            }, new NamespaceDeclaration("q", "urn:q")),
            Is.EqualTo("<p:a xmlns:p=\"urn:p\"><p:b><c></c></p:b><q:d></q:d></p:a>"));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3071)]
    [TestCase(3072)]
    [TestCase(10_000)]
    public void Base64_AnyLength_IsOneRun(int length)
    {
        byte[] octets = new byte[length];
        new Random(length).NextBytes(octets);
        string written = Written(writer =>
        {
            writer.StartElement("", "a");
            writer.Base64(octets);
            writer.EndElement();
        });
        Assert.That(written, Is.EqualTo($"<a>{Convert.ToBase64String(octets)}</a>"));
    }

    [Test]
    public void Write_PrefixThatNobodyDeclared_Throws()
    {
        Assert.That(() => Written(writer => { writer.StartElement("p", "a"); writer.EndElement(); }), Throws.InvalidOperationException);
        Assert.That(
            () => Written(writer => { writer.StartElement("", "a"); writer.Attribute("p", "b", ""); writer.EndElement(); }),
            Throws.InvalidOperationException);
        Assert.That(
            () => Written(writer =>
            {
                writer.StartElement("", "a");
                writer.StartElement("p", "b");
                writer.NamespaceDeclaration("p", "urn:p");
                writer.EndElement();
                writer.StartElement("p", "b");
                writer.EndElement();
            }),
            Throws.InvalidOperationException,
            "its scope has ended");
    }

    [Test]
    public void Write_WhatIsNoXml_Throws()
    {
        Assert.That(() => Written(writer => { writer.StartElement("", "a"); writer.Text("\0"); }), Throws.ArgumentException);
        Assert.That(() => Written(writer => { writer.StartElement("", "a"); writer.Text("\uFFFF"); }), Throws.ArgumentException);
        Assert.That(() => Written(writer => { writer.StartElement("", "a"); writer.Text("\uD800"); }), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => Written(writer => writer.StartElement("", "a b")), Throws.Exception);
        Assert.That(() => Written(writer => writer.EndElement()), Throws.InvalidOperationException);
        Assert.That(() => Written(writer => writer.Attribute("", "a", "")), Throws.InvalidOperationException);
        Assert.That(
            () => Written(writer => { writer.StartElement("", "a"); writer.Attribute("", "b", ""); writer.Attribute("", "b", ""); writer.EndElement(); }),
            Throws.InvalidOperationException);
        Assert.That(
            () => Written(writer => { writer.StartElement("", "a"); writer.NamespaceDeclaration("p", "u"); writer.NamespaceDeclaration("p", "u"); }),
            Throws.InvalidOperationException);
    }

    private static string Written(Action<Utf8XmlWriter> write, params NamespaceDeclaration[] context)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new Utf8XmlWriter(output, context));
        string written = Encoding.UTF8.GetString(output.WrittenSpan);
        string surroundings = string.Concat(context.Select(declaration => $" xmlns:{declaration.Prefix}=\"{declaration.Uri}\""));
        using XmlIndex index = XmlTesting.Scan($"<E{surroundings}>{written}</E>");
        if (context.Length == 0)
        {
            Assert.That(XmlTesting.Canonical(CanonicalizationMethod.Inclusive10, index.Root.FirstChild), Is.EqualTo(written), "canonical as it is");
        }

        return written;
    }
}
