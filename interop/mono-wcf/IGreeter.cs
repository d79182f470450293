using System.ServiceModel;

namespace WsSecurity.Interop.MonoWcf;

/// <summary>The service, by the contract that the Mono program has.</summary>
[ServiceContract(Name = "Greeter", Namespace = "urn:wssecurity:mono")]
public interface IGreeter
{
    [OperationContract]
    string Greet(string what);
}
