using System.Text;
using System.Xml;

namespace CooperationApi.Pages;

/// <summary>Writes XML files in UTF-8.</summary>
internal static class XmlFile
{
    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(false), Indent = true };

    /// <summary>Writes a document.</summary>
    public static byte[] Write(Action<XmlWriter> write)
    {
        using var file = new MemoryStream();
        using (var xml = XmlWriter.Create(file, Settings))
            write(xml);
        return file.ToArray();
    }
}
