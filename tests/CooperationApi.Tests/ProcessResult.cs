namespace CooperationApi.Tests;

/// <summary>The exit code and the output of a process.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Error);
