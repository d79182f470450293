using System.Security.Cryptography.X509Certificates;
using System.ServiceModel;
using Samples.CoreWcfClient;
using WsSecurity;
using WsSecurity.ServiceModel;

var keys = args is [var folder, ..] ? folder : "../keys";
var binding = new WSHttpBinding(SecurityMode.None).WithMessageSecurity(SecurityPolicy.MutualCertificateDuplex);
var factory = new ChannelFactory<IOrders>(binding, new EndpointAddress("http://localhost:8088/orders"));
factory.Credentials.ClientCertificate.Certificate = X509CertificateLoader.LoadPkcs12FromFile(Path.Combine(keys, "client.pfx"), "sample");
factory.Credentials.ServiceCertificate.DefaultCertificate = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(keys, "service.pem"));

Console.WriteLine(factory.CreateChannel().Place("gnome"));
factory.Close();
