// Code tables in C#. What follows // want is what is wrong with the line.
namespace Example.Client
{
    public enum EcOpcode : byte
    {
        Noop = 0x01,
        AuthReq,
        AuthFail,
        Failed, // want WRONG_VALUE
        Stats = 0x0C
    }

    public static class EcTagName
    {
        public const ushort Partfile = 0x0300;
        public const ushort PartfileName = (ushort)0x0302; // want WRONG_VALUE
        public const ushort EcTagStatsKadIpAdress = 0x0213; // want STALE_NAME
        public static readonly ushort ServerPing = 0x0504 << 1; // want DOUBLED_VALUE
        public string Text { get; set; }
    }

    internal class Wire
    {
        private const byte EcOpcodeGetLog = 0x36; // want WRONG_VALUE
        private const byte OPCODE_GET_DEBUGLOG = 0x36;
        private int length = 3;
    }
}
