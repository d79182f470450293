using System.Xml;
using System.Xml.Linq;

namespace WsSecurity.Policy.AppConfig;

/// <summary>The file that a section was read from, where its <c>configSource</c> names one.</summary>
/// <param name="Name">As <c>configSource</c> has it.</param>
internal sealed record IncludedFile(string Name);

/// <summary>An <c>app.config</c> or <c>web.config</c>: the sections below <c>&lt;system.serviceModel&gt;</c>.</summary>
internal sealed class AppConfigDocument
{
    private const int MaxCharacters = 32 * 1024 * 1024;

    private readonly XElement? _serviceModel;
    private readonly string? _folder;

    private AppConfigDocument(XElement root, string? folder)
    {
        _folder = folder;
        var sections = root.Name.LocalName == "system.serviceModel"
            ? [root]
            : root.Elements().Where(child => child.Name.LocalName == "system.serviceModel").ToList();
        _serviceModel = sections.Count <= 1 ? sections.FirstOrDefault() : throw Refuse(sections[1], "stands twice");
        if (_serviceModel?.Attribute("configProtectionProvider") is { } protection)
        {
            throw Refuse(protection, "the section is encrypted; decrypt it with aspnet_regiis");
        }

        Notes = [.. root.Elements()
            .Where(child => child.Name.LocalName == "location" && child.Elements().Any(section => section.Name.LocalName == "system.serviceModel"))
            .Select(location => $"location{AppConfigElement.Line(location)}: is for '{(string?)location.Attribute("path")}' alone, and is not read")];
    }

    /// <summary>What of the document is not read, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <exception cref="XmlException">It is not well-formed, or has a document type.</exception>
    public static AppConfigDocument Load(string path)
    {
        using var stream = File.OpenRead(path);
        return new AppConfigDocument(Parse(stream), Path.GetDirectoryName(Path.GetFullPath(path)));
    }

    /// <inheritdoc cref="Load(string)"/>
    public static AppConfigDocument Load(Stream stream) => new(Parse(stream), folder: null);

    /// <summary>A section; null where there is none.</summary>
    /// <exception cref="PolicyImportException">It is encrypted, stands twice, or is in a file that cannot be read.</exception>
    public XElement? Section(string name)
    {
        var sections = _serviceModel?.Elements().Where(child => child.Name.LocalName == name).ToList() ?? [];
        if (sections.Count > 1)
        {
            throw Refuse(sections[1], "stands twice");
        }

        var section = sections.FirstOrDefault();
        if (section?.Attribute("configProtectionProvider") is { } protection)
        {
            throw Refuse(protection, "the section is encrypted; decrypt it with aspnet_regiis");
        }

        return section?.Attribute("configSource") is { } source ? Include(section, source) : section;
    }

    // As .NET Framework has it: a file beside the document or below it.
    private XElement Include(XElement section, XAttribute source)
    {
        if (_folder is null)
        {
            throw Refuse(source, $"'{source.Value}' is another file, which is only read where the document is a file, too");
        }

        var path = Path.GetFullPath(Path.Combine(_folder, source.Value.Replace('\\', '/')));
        if (Path.IsPathRooted(source.Value) || !path.StartsWith(_folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw Refuse(source, $"'{source.Value}' is outside of the document's folder");
        }

        try
        {
            using var stream = File.OpenRead(path);
            var root = Parse(stream);
            if (root.Name.LocalName != section.Name.LocalName)
            {
                throw Refuse(source, $"'{source.Value}' holds {root.Name.LocalName}, not {section.Name.LocalName}");
            }

            root.AddAnnotation(new IncludedFile(source.Value));
            return root;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or XmlException)
        {
            throw Refuse(source, $"'{source.Value}' cannot be read: {exception.Message}");
        }
    }

    private static XElement Parse(Stream stream)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = MaxCharacters,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        using var reader = XmlReader.Create(stream, settings);
        return XDocument.Load(reader, LoadOptions.SetLineInfo).Root ?? throw new XmlException("There is no root element.");
    }

    private static PolicyImportException Refuse(XObject node, string reason)
    {
        var path = node is XAttribute attribute ? $"{attribute.Parent!.Name.LocalName}/@{attribute.Name.LocalName}" : ((XElement)node).Name.LocalName;
        return new PolicyImportException("system.serviceModel", [$"{path}{AppConfigElement.Line(node)}: {reason}"]);
    }
}
