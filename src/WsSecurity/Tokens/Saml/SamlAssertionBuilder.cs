using WsSecurity.Exchanges;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Saml;

/// <summary>What was read of an assertion so far: the reader of either version fills it, and what was encrypted on its own is added later.</summary>
internal sealed class SamlAssertionBuilder(bool isSaml20, string id, string issuer)
{
    private const int MaxConfirmations = 8;
    private const int MaxAttributes = 512;
    private const int MaxAuthentications = 8;
    private const int MaxEncrypted = 8;

    private readonly List<SamlSubjectConfirmation> _confirmations = [];
    private readonly List<SamlAttribute> _attributes = [];
    private readonly List<SamlAuthentication> _authentications = [];
    private readonly List<XmlElement> _encrypted = [];
    private SamlConditions? _conditions;
    private SamlSubjectName? _subject;

    /// <summary>The issuer whom the assertion claims.</summary>
    public string ClaimedIssuer { get; } = issuer;

    /// <summary>EncryptedID and EncryptedAttribute elements (SAML 2.0 Core, sections 2.2.4 and 2.7.3.2), which nobody decrypted yet.</summary>
    public IReadOnlyList<XmlElement> Encrypted => _encrypted;

    public void SetSubject(SamlSubjectName subject)
    {
        SamlAssertionReader.Demand(_subject is null, "it names two subjects");
        _subject = subject;
    }

    public void SetConditions(SamlConditions conditions)
    {
        SamlAssertionReader.Demand(_conditions is null, "it has Conditions twice");
        _conditions = conditions;
    }

    public void Add(SamlSubjectConfirmation confirmation) => Add(_confirmations, confirmation, MaxConfirmations, "subject confirmations");

    public void Add(SamlAuthentication authentication) => Add(_authentications, authentication, MaxAuthentications, "authentication statements");

    public void Add(SamlAttribute attribute) => Add(_attributes, attribute, MaxAttributes, "attributes");

    public void AddEncrypted(XmlElement element) => Add(_encrypted, element, MaxEncrypted, "encrypted elements");

    public SamlAssertion Build(TrackedElement element, SamlSeal? seal)
    {
        SamlAssertionReader.Demand(_subject is not null || _confirmations.Count > 0, "it is about no Subject");
        return new SamlAssertion
        {
            Element = element,
            IsSaml20 = isSaml20,
            Id = id,
            Issuer = ClaimedIssuer,
            Subject = _subject,
            Confirmations = _confirmations,
            Conditions = _conditions ?? SamlConditions.None,
            Attributes = _attributes,
            Authentications = _authentications,
            Seal = seal,
        };
    }

    private static void Add<T>(List<T> known, T one, int limit, string what)
    {
        SamlAssertionReader.Demand(known.Count < limit, $"it has more than {limit} {what}");
        known.Add(one);
    }
}
