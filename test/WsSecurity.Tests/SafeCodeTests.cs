using System.Reflection;
using NUnit.Framework;

namespace WsSecurity.Tests;

/// <summary>The compiler permits unsafe code only for what it generates to call a system library; nobody writes any.</summary>
public sealed class SafeCodeTests
{
    [Test]
    public void Engine_OwnTypes_HandleNoPointers()
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var unsafeMembers =
            from type in typeof(SecurityPolicy).Assembly.GetTypes()
            from member in type.GetMembers(All)
            where UsesPointers(member) && !member.Name.Contains("__PInvoke", StringComparison.Ordinal)
            select $"{type.FullName}.{member.Name}";

        Assert.That(unsafeMembers, Is.Empty);
    }

    private static bool UsesPointers(MemberInfo member) => member switch
    {
        FieldInfo field => field.FieldType.IsPointer,
        MethodInfo method => method.ReturnType.IsPointer || method.GetParameters().Any(parameter => parameter.ParameterType.IsPointer),
        _ => false,
    };
}
