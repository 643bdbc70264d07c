namespace CooperationApi.GeneratedClients;

/// <summary>Checks of the scenario, which both C# clients use.</summary>
internal static class Expectation
{
    /// <summary>Throws if a value differs from the expected one.</summary>
    public static void EnsureEqual<T>(T expected, T actual, string subject)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            throw new ExpectationException($"{subject} is '{actual}', expected '{expected}'.");
    }

    /// <summary>Returns a value, or throws if the value is absent.</summary>
    public static T EnsurePresent<T>(T? value, string subject) where T : class =>
        value ?? throw new ExpectationException($"{subject} is absent.");

    /// <summary>Returns the exception of an action, or throws if the action succeeds.</summary>
    public static async Task<TException> EnsureThrows<TException>(Func<Task> action, string subject) where TException : Exception
    {
        try
        {
            await action();
        }
        catch (TException exception)
        {
            return exception;
        }
        throw new ExpectationException($"{subject} succeeds, expected an error.");
    }
}

/// <summary>A difference between an expected and an actual value.</summary>
internal sealed class ExpectationException(string message) : Exception(message);
