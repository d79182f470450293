using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace WsSecurity.AspNetCore;

/// <summary>Stands for an endpoint among the options that are validated when the host starts.</summary>
internal sealed class EndpointOptions;

/// <summary>Reads every configured endpoint when the host starts, so that one that cannot be used stops it, with a message that names the key.</summary>
internal sealed class EndpointValidation(IServiceProvider provider) : IValidateOptions<EndpointOptions>
{
    public ValidateOptionsResult Validate(string? name, EndpointOptions options)
    {
        try
        {
            provider.GetRequiredKeyedService<WsSecurityEndpoint>(name);
            return ValidateOptionsResult.Success;
        }
        catch (BindingConfigurationException exception)
        {
            return ValidateOptionsResult.Fail(exception.Message);
        }
    }
}
