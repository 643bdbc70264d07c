using System.Diagnostics.CodeAnalysis;

namespace CooperationApi.Tests;

/// <summary>Skips tests whose prerequisites are missing.</summary>
internal static class Prerequisite
{
    /// <summary>
    /// Skips the test if the prerequisite is missing. The reason is also a diagnostic message: `dotnet test` prints it with its default
    /// verbosity, unlike the reason of a skipped test.
    /// </summary>
    public static void Require([DoesNotReturnIf(false)] bool isPresent, string reason)
    {
        if (!isPresent)
            TestContext.Current.SendDiagnosticMessage("Skipped: {0}", reason);
        Assert.SkipUnless(isPresent, reason);
    }
}
