using WsSecurity.Evidence;

namespace WsSecurity.Policy.Configuration;

/// <summary>Reads what configuration says of evidence: a binding's part, and the trails.</summary>
internal static class EvidenceReader
{
    private const string Key = "Evidence";

    /// <summary>Reads a binding's part; null where messages are not kept.</summary>
    public static EvidenceConfiguration? ReadBinding(ConfigurationNode binding)
    {
        if (!binding.Has(Key))
        {
            return null;
        }

        if (binding.IsText(Key))
        {
            return new EvidenceConfiguration { Trail = binding.RequiredText(Key) };
        }

        var node = binding.Child(Key);
        var evidence = new EvidenceConfiguration { Trail = node.RequiredText(nameof(EvidenceConfiguration.Trail)) };
        evidence = evidence with
        {
            IsRequired = node.Boolean(nameof(EvidenceConfiguration.IsRequired)) ?? evidence.IsRequired,
            KeepsSent = node.Boolean(nameof(EvidenceConfiguration.KeepsSent)) ?? evidence.KeepsSent,
            KeepsRefused = node.Boolean(nameof(EvidenceConfiguration.KeepsRefused)) ?? evidence.KeepsRefused,
        };
        node.RefuseUnknownKeys();
        return evidence;
    }

    /// <summary>Opens the trail that a node describes.</summary>
    public static EvidenceTrail Open(ConfigurationNode node, IReadOnlyList<IEvidenceStoreProvider> providers, BindingConfigurationOptions options, SecurityServices services)
    {
        const string StoreKey = "Store";
        const string LocationKey = "Location";
        var certificates = new CertificateReader(options.BasePath);
        var name = node.Text(StoreKey) ?? FileStoreProvider.Files;
        var provider = providers.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw node.RefuseValue(StoreKey, name, providers.Select(one => one.Name));
        var location = node.RequiredText(LocationKey);
        var settings = new EvidenceTrailOptions
        {
            Certificate = certificates.ReadWithKey(node, nameof(EvidenceTrailOptions.Certificate)) ?? throw node.Refuse(nameof(EvidenceTrailOptions.Certificate), "is required"),
            Intermediates = certificates.ReadAll(node, nameof(EvidenceTrailOptions.Intermediates)),
            TimestampAuthority = node.Object(nameof(EvidenceTrailOptions.TimestampAuthority)) is { } authority ? ReadAuthority(authority, certificates) : null,
            TimeProvider = services.TimeProvider,
            LoggerFactory = services.LoggerFactory,
        };
        settings = settings with
        {
            TimestampInterval = node.Duration(nameof(EvidenceTrailOptions.TimestampInterval)) ?? settings.TimestampInterval,
            MaxPendingSize = node.PositiveInteger(nameof(EvidenceTrailOptions.MaxPendingSize)) ?? settings.MaxPendingSize,
        };
        node.RefuseUnknownKeys();
        return Open(node, provider, location, options, settings);
    }

    private static EvidenceTrail Open(
        ConfigurationNode node, IEvidenceStoreProvider provider, string location, BindingConfigurationOptions options, EvidenceTrailOptions settings)
    {
        var store = provider.Open(location, Path.GetFullPath(options.BasePath));
        try
        {
            return EvidenceTrail.Open(store, settings);
        }
        catch (ArgumentException exception)
        {
            store.Dispose();
            throw node.Refuse(nameof(EvidenceTrailOptions.Certificate), exception.Message, exception);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private static TimestampAuthority ReadAuthority(ConfigurationNode node, CertificateReader certificates)
    {
        const string AddressKey = "Address";
        const string TrustedKey = "Trusted";
        var address = node.RequiredText(AddressKey);
        var trusted = certificates.ReadAll(node, TrustedKey);
        var (timeout, skew) = (node.Duration(nameof(TimestampAuthority.Timeout)), node.Duration(nameof(TimestampAuthority.ClockSkew)));
        node.RefuseUnknownKeys();
        if (trusted.Count == 0)
        {
            throw node.Refuse(TrustedKey, "expects the authority's certificate, or one above it");
        }

        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? new TimestampAuthority(uri, trusted) { Timeout = timeout ?? TimeSpan.FromSeconds(10), ClockSkew = skew ?? TimeSpan.FromMinutes(5) }
            : throw node.Refuse(AddressKey, $"'{address}' is not accepted: expects an address of http or https");
    }
}
