using System.ServiceModel;

namespace WsSecurity.Interop.MitKrb5.Wcf;

/// <summary>The service.</summary>
[ServiceContract(Name = "Greeter")]
public interface IGreeter
{
    [OperationContract]
    string Greet(string what);
}

/// <summary>The same for clients who do not wait.</summary>
[ServiceContract(Name = "Greeter")]
public interface IGreeterAsync
{
    [OperationContract]
    Task<string> GreetAsync(string what);
}
