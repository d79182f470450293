using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WsSecurity;
using WsSecurity.AspNetCore;
using WsSecurity.Evidence;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts WS-Security in front of SOAP endpoints. Place it after routing and before whatever looks at the caller or answers.</summary>
public static class WsSecurityApplicationBuilderExtensions
{
    /// <summary>
    /// Protects a path and everything below it; other paths pass. The comparison ignores case. Where something behind rewrites paths
    /// onto this one, protect those paths too.
    /// </summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="path">The endpoint's path.</param>
    /// <param name="name">The name under which <c>AddWsSecurity</c> registered what protects it.</param>
    /// <returns>The same pipeline.</returns>
    /// <exception cref="InvalidOperationException">Nothing is registered under the name.</exception>
    /// <exception cref="BindingConfigurationException">The configuration cannot be used.</exception>
    /// <exception cref="ArgumentException">Policy and credentials do not fit together.</exception>
    public static IApplicationBuilder UseWsSecurity(this IApplicationBuilder app, PathString path, string name) =>
        UseBelow(app, path, Find(app, name), name);

    /// <inheritdoc cref="UseWsSecurity(IApplicationBuilder, PathString, string)"/>
    /// <param name="app">The pipeline.</param>
    /// <param name="path">The endpoint's path.</param>
    /// <param name="endpoint">What protects it.</param>
    public static IApplicationBuilder UseWsSecurity(this IApplicationBuilder app, PathString path, WsSecurityEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(endpoint);
        return UseBelow(app, path, endpoint, name: null);
    }

    /// <summary>
    /// Protects the whole pipeline or branch that it stands in (<c>Map</c>, <c>MapWhen</c>). Metadata pass only at the root of the branch.
    /// </summary>
    /// <param name="app">The pipeline or branch.</param>
    /// <param name="name">The name under which <c>AddWsSecurity</c> registered what protects it.</param>
    /// <returns>The same pipeline.</returns>
    /// <exception cref="InvalidOperationException">Nothing is registered under the name.</exception>
    /// <exception cref="BindingConfigurationException">The configuration cannot be used.</exception>
    /// <exception cref="ArgumentException">Policy and credentials do not fit together.</exception>
    public static IApplicationBuilder UseWsSecurity(this IApplicationBuilder app, string name) => Use(app, PathString.Empty, Find(app, name), name);

    /// <inheritdoc cref="UseWsSecurity(IApplicationBuilder, string)"/>
    /// <param name="app">The pipeline or branch.</param>
    /// <param name="endpoint">What protects it.</param>
    public static IApplicationBuilder UseWsSecurity(this IApplicationBuilder app, WsSecurityEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(endpoint);
        return Use(app, PathString.Empty, endpoint, name: null);
    }

    /// <summary>
    /// Treats the Security headers of requests that pass through to a path and everything below it; other paths pass as they are. Place it in front of the
    /// proxy (YARP's <c>MapReverseProxy</c>).
    /// </summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="path">The path.</param>
    /// <param name="transit">Which headers are verified and added.</param>
    /// <returns>The same pipeline.</returns>
    /// <exception cref="ArgumentException">Policy and credentials do not fit together, or the policy would change messages.</exception>
    public static IApplicationBuilder UseWsSecurityTransit(this IApplicationBuilder app, PathString path, WsSecurityTransit transit)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(transit);
        var segments = Segments(path);
        var credentials = WithValidators(app.ApplicationServices, transit.Credentials);
        var middleware = new WsSecurityTransitMiddleware(transit with { Credentials = credentials }, segments, ServicesOf(app.ApplicationServices));
        return app.UseWhen(context => context.Request.Path.StartsWithSegments(segments), branch => branch.Use(middleware.InvokeAsync));
    }

    /// <summary>
    /// Vouches for the authenticated users of a path and everything below it towards the service behind; other paths pass as they are. Place it behind
    /// authentication and in front of the proxy (YARP's <c>MapReverseProxy</c>).
    /// </summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="path">The path.</param>
    /// <param name="gateway">How the gateway vouches.</param>
    /// <returns>The same pipeline.</returns>
    /// <exception cref="ArgumentException">Policy and credentials do not fit together, or the policy carries no assertion.</exception>
    public static IApplicationBuilder UseWsSecurityGateway(this IApplicationBuilder app, PathString path, WsSecurityGateway gateway)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(gateway);
        var segments = Segments(path);
        var middleware = new WsSecurityGatewayMiddleware(gateway, segments, ServicesOf(app.ApplicationServices));
        return app.UseWhen(context => context.Request.Path.StartsWithSegments(segments), branch => branch.Use(middleware.InvokeAsync));
    }

    /// <summary>
    /// Lets deliveries of queues and mailboxes run through what stands behind this in the pipeline, as requests to a path; requests over HTTP pass as if it were not here. Place it
    /// directly in front of the SOAP endpoint, and behind <c>UseWsSecurity</c>: deliveries are verified by their receivers.
    /// </summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="path">The path under which the endpoint behind serves.</param>
    /// <param name="name">The name under which <c>AddDeliveryEndpoint</c> registered it.</param>
    /// <returns>The same pipeline.</returns>
    /// <exception cref="InvalidOperationException">Nothing is registered under the name, or it has another place already.</exception>
    public static IApplicationBuilder UseDeliveries(this IApplicationBuilder app, PathString path, string name)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var endpoint = app.ApplicationServices.GetKeyedService<DeliveryEndpoint>(name)
            ?? throw new InvalidOperationException($"No delivery endpoint '{name}' is registered: call services.AddDeliveryEndpoint(\"{name}\").");
        return app.Use(next =>
        {
            endpoint.Attach(path, next);
            return next;
        });
    }

    private static WsSecurityEndpoint Find(IApplicationBuilder app, string name)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return app.ApplicationServices.GetKeyedService<WsSecurityEndpoint>(name)
            ?? throw new InvalidOperationException($"No endpoint '{name}' is registered: call services.AddWsSecurity(\"{name}\").");
    }

    private static IApplicationBuilder UseBelow(IApplicationBuilder app, PathString path, WsSecurityEndpoint endpoint, string? name)
    {
        var segments = Segments(path);
        return app.UseWhen(context => context.Request.Path.StartsWithSegments(segments), branch => Use(branch, segments, endpoint, name));
    }

    private static IApplicationBuilder Use(IApplicationBuilder app, PathString path, WsSecurityEndpoint endpoint, string? name)
    {
        var provider = app.ApplicationServices;
        var services = ServicesOf(provider);
        var configured = name is null ? null : provider.GetKeyedService<ConfiguredEndpoint>(name);

        // One that was registered later under the same name is not the configured one.
        var isConfigured = configured?.Endpoint == endpoint;
        endpoint = endpoint with { Credentials = WithValidators(provider, endpoint.Credentials) };

        services = services with { Evidence = endpoint.Evidence ?? services.Evidence };

        // Built here, so that a policy that contradicts itself stops the host from starting.
        var recipient = isConfigured ? configured!.Watch(endpoint, services) : Always(new Recipient(endpoint.Policy, endpoint.Credentials, services));
        var middleware = new WsSecurityMiddleware(endpoint, recipient, path, services.LoggerFactory);
        return app.Use(middleware.InvokeAsync);
    }

    private static Func<Recipient> Always(Recipient recipient) => () => recipient;

    // StartsWithSegments takes "/orders/" for another segment than "/orders".
    private static PathString Segments(PathString path) => new(path.Value?.TrimEnd('/'));

    private static SecurityCredentials WithValidators(IServiceProvider provider, SecurityCredentials credentials) => credentials with
    {
        UsernameTokenValidator = credentials.UsernameTokenValidator ?? provider.GetService<IUsernameTokenValidator>(),
        CustomTokenHandlers = credentials.CustomTokenHandlers.Count > 0 ? credentials.CustomTokenHandlers : [.. provider.GetServices<ICustomTokenHandler>()],
    };

    private static SecurityServices ServicesOf(IServiceProvider provider) => new()
    {
        TimeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System,
        ReplayCache = provider.GetService<IReplayCache>(),
        Evidence = provider.GetService<EvidenceRecording>(),
        LoggerFactory = provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
    };
}
