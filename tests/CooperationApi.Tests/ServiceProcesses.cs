namespace CooperationApi.Tests;

/// <summary>The collection of tests that start service processes, one after another to limit the CPU load of parallel test runs.</summary>
[CollectionDefinition(nameof(ServiceProcesses))]
public sealed class ServiceProcesses;
