using System;
using System.Configuration;
using System.Reflection;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Configuration;
using System.ServiceModel.Security;
using System.ServiceModel.Security.Tokens;

/// <summary>
/// The bindings of the configuration. Mono reads the element security of a customBinding but makes no binding element of it; this does, the way .NET
/// Framework is documented to: by SecurityBindingElement's Create method for the mode, changed by what the configuration says.
/// </summary>
static class Bindings
{
    public static Binding Create(string name)
    {
        var bindings = (BindingsSection)ConfigurationManager.GetSection("system.serviceModel/bindings");
        foreach (WSHttpBindingElement candidate in bindings.WSHttpBinding.Bindings)
        {
            if (candidate.Name == name)
            {
                return Create(candidate);
            }
        }

        foreach (CustomBindingElement candidate in bindings.CustomBinding.Bindings)
        {
            if (candidate.Name == name)
            {
                return Create(candidate);
            }
        }

        throw new ArgumentException("no binding of the name " + name);
    }

    static Binding Create(WSHttpBindingElement configured)
    {
        var message = configured.Security.Message;
        var binding = new WSHttpBinding(configured.Security.Mode);
        binding.Security.Message.ClientCredentialType = message.ClientCredentialType;
        binding.Security.Message.NegotiateServiceCredential = message.NegotiateServiceCredential;
        binding.Security.Message.EstablishSecurityContext = message.EstablishSecurityContext;
        binding.Security.Message.AlgorithmSuite = message.AlgorithmSuite;
        return binding;
    }

    static Binding Create(CustomBindingElement configured)
    {
        var binding = new CustomBinding();
        foreach (BindingElementExtensionElement element in configured)
        {
            var security = element as SecurityElementBase;
            binding.Elements.Add(security != null ? Create(security) : CreateElement(element));
        }

        return binding;
    }

    static BindingElement CreateElement(BindingElementExtensionElement element)
    {
        var method = element.GetType().GetMethod("CreateBindingElement", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public);
        return (BindingElement)method.Invoke(element, null);
    }

    static SecurityBindingElement Create(SecurityElementBase configured)
    {
        var security = CreateMode(configured);
        security.DefaultAlgorithmSuite = configured.DefaultAlgorithmSuite;
        security.MessageSecurityVersion = configured.MessageSecurityVersion;
        security.IncludeTimestamp = configured.IncludeTimestamp;
        security.SecurityHeaderLayout = configured.SecurityHeaderLayout;
        var symmetric = security as SymmetricSecurityBindingElement;
        if (symmetric != null)
        {
            symmetric.MessageProtectionOrder = configured.MessageProtectionOrder;
            symmetric.SetKeyDerivation(configured.RequireDerivedKeys);
            if (IsSet(configured, "requireSignatureConfirmation"))
            {
                symmetric.RequireSignatureConfirmation = configured.RequireSignatureConfirmation;
            }
        }

        var asymmetric = security as AsymmetricSecurityBindingElement;
        if (asymmetric != null)
        {
            asymmetric.MessageProtectionOrder = configured.MessageProtectionOrder;
            asymmetric.SetKeyDerivation(false);
            asymmetric.AllowSerializedSigningTokenOnReply = configured.AllowSerializedSigningTokenOnReply;
            if (IsSet(configured, "requireSignatureConfirmation"))
            {
                asymmetric.RequireSignatureConfirmation = configured.RequireSignatureConfirmation;
            }
        }

        return security;
    }

    static SecurityBindingElement CreateMode(SecurityElementBase configured)
    {
        switch (configured.AuthenticationMode)
        {
            case AuthenticationMode.AnonymousForCertificate:
                return SecurityBindingElement.CreateAnonymousForCertificateBindingElement();
            case AuthenticationMode.UserNameForCertificate:
                return SecurityBindingElement.CreateUserNameForCertificateBindingElement();
            case AuthenticationMode.MutualCertificate:
                return CreateMutualCertificate(configured.MessageSecurityVersion.SecurityVersion == SecurityVersion.WSSecurity10);
            default:
                throw new NotSupportedException("the mode " + configured.AuthenticationMode);
        }
    }

    // Mono has the method's name and throws; these are the elements that .NET Framework documents for it.
    static SecurityBindingElement CreateMutualCertificate(bool isWss10)
    {
        if (isWss10)
        {
            return new AsymmetricSecurityBindingElement(
                new X509SecurityTokenParameters(X509KeyIdentifierClauseType.Any, SecurityTokenInclusionMode.Never) { RequireDerivedKeys = false },
                new X509SecurityTokenParameters(X509KeyIdentifierClauseType.Any, SecurityTokenInclusionMode.AlwaysToRecipient) { RequireDerivedKeys = false });
        }

        var symmetric = new SymmetricSecurityBindingElement(
            new X509SecurityTokenParameters(X509KeyIdentifierClauseType.Thumbprint, SecurityTokenInclusionMode.Never)) { RequireSignatureConfirmation = true };
        symmetric.EndpointSupportingTokenParameters.Endorsing.Add(
            new X509SecurityTokenParameters(X509KeyIdentifierClauseType.Thumbprint, SecurityTokenInclusionMode.AlwaysToRecipient) { RequireDerivedKeys = false });
        return symmetric;
    }

    static bool IsSet(ConfigurationElement element, string name)
    {
        var property = element.ElementInformation.Properties[name];
        return property != null && property.ValueOrigin == PropertyValueOrigin.SetHere;
    }
}
