namespace WsSecurity.AspNetCore;

internal sealed record WsSecurityFeature(VerifiedMessage Request) : IWsSecurityFeature
{
    public ProtectionEvidence Evidence => Request.Evidence;
}
