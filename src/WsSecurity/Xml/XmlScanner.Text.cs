namespace WsSecurity.Xml;

/// <content>What stands between tags.</content>
internal ref partial struct XmlScanner
{
    /// <summary>White space and comments; returns where a start tag begins, or the end.</summary>
    private readonly int ScanOutsideOfRoot(int position)
    {
        while (true)
        {
            while ((uint)position < (uint)_source.Length && XmlCharacters.IsSpace(_source[position]))
            {
                position++;
            }

            ReadOnlySpan<byte> rest = _source[position..];
            if (rest.IsEmpty)
            {
                return position;
            }

            if (rest[0] != '<')
            {
                XmlFailure.Malformed("Text outside of the root element", position);
            }

            if (rest.StartsWith("<!--"u8))
            {
                position = ScanComment(position);
            }
            else if (rest.StartsWith("<!DOCTYPE"u8))
            {
                XmlFailure.Throw(SecurityFailure.DocumentTypeNotAllowed, "A document type declaration", position);
            }
            else if (rest.StartsWith("<?"u8))
            {
                XmlFailure.Throw(SecurityFailure.ProcessingInstructionNotAllowed, "A processing instruction", position);
            }
            else if (rest.StartsWith("<!"u8) || rest.StartsWith("</"u8))
            {
                XmlFailure.Malformed("Markup outside of the root element", position);
            }
            else
            {
                return position;
            }
        }
    }

    /// <summary>What is no plain text: a reference, a raw <c>&gt;</c>, a CR, or an octet that may not stand in a document.</summary>
    private readonly int ScanTextSpecial(int position, int textStart, ref Frame frame)
    {
        if (position == _source.Length)
        {
            XmlFailure.Malformed("The document ends inside an element", position);
        }

        switch (_source[position])
        {
            case (byte)'&':
                int end = XmlReference.Scan(_source, position);
                if (!XmlReference.IsCanonicalInText(_source[position..end]))
                {
                    frame.Flags |= XmlRowFlags.ContentNotCanonical;
                }

                return end;
            case (byte)'>':
                if (position - textStart >= 2 && _source[position - 1] == ']' && _source[position - 2] == ']')
                {
                    XmlFailure.Malformed("']]>' in text", position - 2);
                }

                break;
            case (byte)'\r':
                break;
            default:
                XmlFailure.Malformed("A character that XML does not permit", position);
                break;
        }

        frame.Flags |= XmlRowFlags.ContentNotCanonical;
        return position + 1;
    }

    private readonly int ScanSectionOrComment(int position, ref Frame frame)
    {
        frame.Flags |= XmlRowFlags.ContentNotCanonical;
        ReadOnlySpan<byte> rest = _source[position..];
        if (rest.StartsWith("<!--"u8))
        {
            return ScanComment(position);
        }

        if (rest.StartsWith("<!DOCTYPE"u8))
        {
            XmlFailure.Throw(SecurityFailure.DocumentTypeNotAllowed, "A document type declaration", position);
        }

        if (!rest.StartsWith("<![CDATA["u8))
        {
            XmlFailure.Malformed("Markup that is not permitted in content", position);
        }

        int length = rest.IndexOf("]]>"u8);
        if (length < 0)
        {
            XmlFailure.Malformed("A CDATA section is not closed", position);
        }

        CheckCharacters(position, length);
        return position + length + 3;
    }

    private readonly int ScanComment(int position)
    {
        int start = position + 4;
        int length = _source[start..].IndexOf("--"u8);
        int end = start + length + 2;
        if (length < 0 || end == _source.Length)
        {
            XmlFailure.Malformed("A comment is not closed", position);
        }

        if (_source[end] != '>')
        {
            XmlFailure.Malformed("'--' inside a comment", end - 2);
        }

        CheckCharacters(start, length);
        return end + 1;
    }

    private readonly void CheckCharacters(int start, int length)
    {
        int control = _source.Slice(start, length).IndexOfAny(XmlCharacters.Controls);
        if (control >= 0)
        {
            XmlFailure.Malformed("A character that XML does not permit", start + control);
        }
    }
}
