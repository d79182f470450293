using CoreWCF;
using CoreWCF.Configuration;
using CoreWCF.Description;
using Samples.CoreWcfHost;
using WsSecurity.CoreWcf;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddServiceModelServices().AddServiceModelMetadata();
builder.Services.AddWsSecurity(builder.Configuration);
builder.Services.AddTransient<Orders>();

var app = builder.Build();
app.MapGet("/health", () => "healthy");
app.UseServiceModel(services => services
    .AddService<Orders>()
    .AddServiceEndpoint<Orders, IOrders>(new WSHttpBinding(SecurityMode.None).WithMessageSecurity(app.Services, "Orders"), "/orders"));
app.Services.GetRequiredService<ServiceMetadataBehavior>().HttpGetEnabled = true;
app.Run();
