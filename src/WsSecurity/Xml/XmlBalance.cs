using System.Text.Unicode;

namespace WsSecurity.Xml;

/// <summary>The lexical check of a fragment that is to be put into a document.</summary>
internal static class XmlBalance
{
    public static void Check(ReadOnlySpan<byte> content, bool exactlyOneElement)
    {
        if (!Utf8.IsValid(content))
        {
            XmlFailure.Throw(SecurityFailure.InvalidEncoding, "The fragment is not well-formed UTF-8", XmlCharacters.IndexOfInvalidUtf8(content));
        }

        int depth = 0;
        int elements = 0;
        int position = 0;
        while (true)
        {
            int next = content[position..].IndexOf((byte)'<');
            int textEnd = next < 0 ? content.Length : position + next;
            CheckText(content[position..textEnd], position, exactlyOneElement && depth == 0);
            if (next < 0)
            {
                break;
            }

            ReadOnlySpan<byte> rest = content[textEnd..];
            if (rest.StartsWith("<!--"u8))
            {
                RefuseBesideElement(exactlyOneElement && depth == 0, textEnd);
                position = textEnd + 4 + EndOf(rest[4..], "-->"u8, textEnd);
            }
            else if (rest.StartsWith("<![CDATA["u8))
            {
                RefuseBesideElement(exactlyOneElement && depth == 0, textEnd);
                position = textEnd + 9 + EndOf(rest[9..], "]]>"u8, textEnd);
            }
            else if (rest.StartsWith("<!"u8))
            {
                XmlFailure.Throw(SecurityFailure.DocumentTypeNotAllowed, "The fragment holds a declaration", textEnd);
            }
            else if (rest.StartsWith("<?"u8))
            {
                XmlFailure.Throw(SecurityFailure.ProcessingInstructionNotAllowed, "The fragment holds a processing instruction", textEnd);
            }
            else
            {
                bool closes = rest.StartsWith("</"u8);
                int length = TagLength(rest, textEnd);
                bool empty = rest[length - 2] == '/' && !closes;
                depth += closes ? -1 : empty ? 0 : 1;
                elements += depth == 0 && (closes || empty) ? 1 : 0;
                if (depth < 0)
                {
                    XmlFailure.Malformed("The fragment closes an element that it did not open", textEnd);
                }

                position = textEnd + length;
            }
        }

        if (depth != 0)
        {
            XmlFailure.Malformed("The fragment leaves an element open", content.Length);
        }

        if (exactlyOneElement && elements != 1)
        {
            XmlFailure.Malformed("The fragment is not exactly one element", 0);
        }
    }

    // A reference or the start of "]]>" that only the octets behind the fragment would complete is no text of the fragment.
    private static void CheckText(ReadOnlySpan<byte> text, int offset, bool whiteSpaceOnly)
    {
        if (whiteSpaceOnly && text.ContainsAnyExcept(" \t\r\n"u8))
        {
            XmlFailure.Malformed("Text beside the one element of the fragment", offset);
        }

        int ampersand = text.LastIndexOf((byte)'&');
        if (ampersand >= 0 && !text[ampersand..].Contains((byte)';'))
        {
            XmlFailure.Malformed("A reference is not closed inside the fragment", offset + ampersand);
        }
    }

    private static void RefuseBesideElement(bool refuse, int offset)
    {
        if (refuse)
        {
            XmlFailure.Malformed("A comment or section beside the one element of the fragment", offset);
        }
    }

    private static int EndOf(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> terminator, int offset)
    {
        int end = rest.IndexOf(terminator);
        if (end < 0)
        {
            XmlFailure.Malformed("A comment or section is not closed inside the fragment", offset);
        }

        return end + terminator.Length;
    }

    private static int TagLength(ReadOnlySpan<byte> tag, int offset)
    {
        for (int i = 1; i < tag.Length; i++)
        {
            switch (tag[i])
            {
                case (byte)'>':
                    return i + 1;
                case (byte)'<':
                    XmlFailure.Malformed("A tag is not closed", offset);
                    break;
                case (byte)'"' or (byte)'\'':
                    int quote = tag[(i + 1)..].IndexOf(tag[i]);
                    if (quote < 0)
                    {
                        XmlFailure.Malformed("An attribute value is not closed inside the fragment", offset);
                    }

                    i += quote + 1;
                    break;
            }
        }

        XmlFailure.Malformed("A tag is not closed inside the fragment", offset);
        return 0;
    }
}
