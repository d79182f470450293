using System;
using System.ServiceModel;

[ServiceContract(Name = "Greeter", Namespace = "urn:wssecurity:mono")]
interface IGreeter
{
    [OperationContract]
    string Greet(string what);
}

/// <summary>The service: tells what it heard, and who is known to have said it.</summary>
[ServiceBehavior(IncludeExceptionDetailInFaults = true)]
class Greeter : IGreeter
{
    public string Greet(string what)
    {
        if (what == "fail")
        {
            throw new FaultException("the service failed as it was asked to");
        }

        var security = ServiceSecurityContext.Current;
        return "you said " + what + (security == null || security.PrimaryIdentity == null ? "" : ", " + security.PrimaryIdentity.Name);
    }
}
