using System;
using System.IdentityModel.Selectors;
using System.IdentityModel.Tokens;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Description;
using System.ServiceModel.Dispatcher;
using System.ServiceModel.Security;
using System.Text;
using System.Threading;

/// <summary>Mono's WCF behind a small HTTP server; see the README beside this.</summary>
static class Peer
{
    static X509Certificate2 client;
    static X509Certificate2 service;
    static string user;
    static string password;

    static int Main(string[] arguments)
    {
        var keys = arguments[0];
        client = new X509Certificate2(Path.Combine(keys, "client.p12"), "mono");
        service = new X509Certificate2(Path.Combine(keys, "service.p12"), "mono");
        var line = File.ReadAllText(Path.Combine(keys, "users.properties")).Trim().Split(new[] { '=' }, 2);
        user = line[0];
        password = line[1];

        // Mono's WCF does not share its port with other listeners of this process.
        var services = FreePort();
        for (var index = 1; index < arguments.Length; index++)
        {
            Host(arguments[index], "http://localhost:" + services + "/service/" + arguments[index]);
        }

        var calls = FreePort();
        var listener = new HttpListener();
        listener.Prefixes.Add("http://localhost:" + calls + "/call/");
        listener.Start();
        new Thread(() => Serve(listener)) { IsBackground = true }.Start();
        Console.Out.WriteLine("listening " + calls + " " + services);
        Console.Out.Flush();

        // Whoever started this ends it by closing its standard input.
        while (Console.In.ReadLine() != null)
        {
        }

        Environment.Exit(0);
        return 0;
    }

    static void Host(string profile, string address)
    {
        var host = new ServiceHost(typeof(Greeter));
        host.AddServiceEndpoint(typeof(IGreeter), Bindings.Create(profile), address).Behaviors.Add(new AnyAddress());

        // The credentials that Mono's host has of itself are not those that its channels see.
        var credentials = new ServiceCredentials();
        credentials.ServiceCertificate.Certificate = service;
        credentials.ClientCertificate.Certificate = new X509Certificate2(client.RawData);
        credentials.ClientCertificate.Authentication.CertificateValidationMode = X509CertificateValidationMode.Custom;
        credentials.ClientCertificate.Authentication.CustomCertificateValidator = new Only(client);
        credentials.UserNameAuthentication.UserNamePasswordValidationMode = UserNamePasswordValidationMode.Custom;
        credentials.UserNameAuthentication.CustomUserNamePasswordValidator = new OneUser();
        host.Description.Behaviors.Remove<ServiceCredentials>();
        host.Description.Behaviors.Add(credentials);
        host.Open();
    }

    static void Serve(HttpListener listener)
    {
        while (true)
        {
            var context = listener.GetContext();
            ThreadPool.QueueUserWorkItem(_ => Answer(context));
        }
    }

    // POST /call/PROFILE?to=ADDRESS: the text that comes is what a proxy says to the service there.
    static void Answer(HttpListenerContext context)
    {
        string answer;
        try
        {
            var profile = context.Request.Url.AbsolutePath.Substring("/call/".Length);
            var what = new StreamReader(context.Request.InputStream, Encoding.UTF8).ReadToEnd();
            answer = Call(profile, context.Request.QueryString["to"], what);
        }
        catch (Exception exception)
        {
            context.Response.StatusCode = 502;
            answer = exception.ToString();
        }

        var octets = Encoding.UTF8.GetBytes(answer);
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.OutputStream.Write(octets, 0, octets.Length);
        context.Response.Close();
    }

    static string Call(string profile, string to, string what)
    {
        var identity = EndpointIdentity.CreateX509CertificateIdentity(new X509Certificate2(service.RawData));
        var factory = new ChannelFactory<IGreeter>(Bindings.Create(profile), new EndpointAddress(new Uri(to), identity));
        factory.Credentials.ClientCertificate.Certificate = client;
        factory.Credentials.ServiceCertificate.DefaultCertificate = new X509Certificate2(service.RawData);
        factory.Credentials.ServiceCertificate.Authentication.CertificateValidationMode = X509CertificateValidationMode.Custom;
        factory.Credentials.ServiceCertificate.Authentication.CustomCertificateValidator = new Only(service);
        factory.Credentials.UserName.UserName = user;
        factory.Credentials.UserName.Password = password;
        factory.Endpoint.Binding.SendTimeout = TimeSpan.FromSeconds(20);
        factory.Open();
        try
        {
            return factory.CreateChannel().Greet(what);
        }
        finally
        {
            factory.Abort();
        }
    }

    static int FreePort()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }

    /// <summary>
    /// Messages come by way of a relay, so that their To is its address. Mono ignores a client's via and AddressFilterMode.
    /// </summary>
    class AnyAddress : IEndpointBehavior
    {
        public void ApplyDispatchBehavior(ServiceEndpoint endpoint, EndpointDispatcher dispatcher)
        {
            dispatcher.AddressFilter = new MatchAllMessageFilter();
        }

        public void AddBindingParameters(ServiceEndpoint endpoint, BindingParameterCollection parameters)
        {
        }

        public void ApplyClientBehavior(ServiceEndpoint endpoint, ClientRuntime runtime)
        {
        }

        public void Validate(ServiceEndpoint endpoint)
        {
        }
    }

    /// <summary>One certificate is trusted, and no other.</summary>
    class Only : X509CertificateValidator
    {
        readonly X509Certificate2 trusted;

        public Only(X509Certificate2 trusted)
        {
            this.trusted = trusted;
        }

        public override void Validate(X509Certificate2 certificate)
        {
            if (certificate.Thumbprint != trusted.Thumbprint)
            {
                throw new SecurityTokenValidationException("the certificate is not trusted: " + certificate.Subject);
            }
        }
    }

    class OneUser : UserNamePasswordValidator
    {
        public override void Validate(string userName, string password)
        {
            if (userName != user || password != Peer.password)
            {
                throw new SecurityTokenValidationException("the user is not known");
            }
        }
    }
}
