package mirror

import (
	"slices"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// The tags that aMule sends of each kind of object at a detail level even when
// they are zero (src/ECSpecialCoreTags.cpp). FULL has those of UPDATE and more,
// INC_UPDATE those of FULL and more.
var (
	fileTags = tagLevels{
		update: []codec.TagName{
			ec.TagKnownFileReqCount, ec.TagKnownFileReqCountAll, ec.TagKnownFileAcceptCount, ec.TagKnownFileAcceptCountAll,
			ec.TagKnownFileXferred, ec.TagKnownFileXferredAll, ec.TagKnownFileAICHMasterHash, ec.TagKnownFilePrio,
			ec.TagKnownFileCompleteSourcesLow, ec.TagKnownFileCompleteSourcesHigh, ec.TagKnownFileCompleteSources,
			ec.TagKnownFileOnQueue,
		},
		full: []codec.TagName{
			ec.TagPartFileName, ec.TagPartFileHash, ec.TagKnownFileFileName, ec.TagPartFileSizeFull, ec.TagPartFileED2KLink,
			ec.TagKnownFileComment, ec.TagKnownFileRating,
		},
	}.accumulate()

	downloadTags = tagLevels{
		update: slices.Concat(fileTags.update, []codec.TagName{
			ec.TagPartFileStatus, ec.TagPartFileStopped, ec.TagPartFileSourceCount, ec.TagPartFileSourceCountNotCurrent,
			ec.TagPartFileSourceCountXfer, ec.TagPartFileSourceCountA4AF, ec.TagPartFilePrio, ec.TagPartFileCat,
			ec.TagPartFileLastSeenComp, ec.TagPartFileLastRecv, ec.TagPartFileDownloadActive, ec.TagPartFileAvailableParts,
			ec.TagPartFileHashedPartCount, ec.TagPartFileLostCorruption, ec.TagPartFileGainedCompression,
			ec.TagPartFileSavedICH, ec.TagPartFileA4AFAuto, ec.TagPartFileComments,
		}),
		full: slices.Concat(fileTags.full, transferTags, []codec.TagName{
			ec.TagPartFilePartMetID, ec.TagPartFileA4AFSources,
		}),
		increment: []codec.TagName{ec.TagPartFileShared},
	}.accumulate()

	// transferTags are sent at level UPDATE too while a source is sending.
	transferTags = []codec.TagName{ec.TagPartFileSizeXfer, ec.TagPartFileSizeDone, ec.TagPartFileSpeed}

	clientTags = tagLevels{
		update: []codec.TagName{
			ec.TagClientName, ec.TagClientHash, ec.TagClientUserID, ec.TagClientScore, ec.TagClientSoftware,
			ec.TagClientSoftVerStr, ec.TagClientUserIP, ec.TagClientUserPort, ec.TagClientFrom, ec.TagClientServerIP,
			ec.TagClientServerPort, ec.TagClientServerName, ec.TagClientUpSpeed, ec.TagClientUploadSession,
			ec.TagPartFileSizeXfer, ec.TagClientUploadTotal, ec.TagClientDownloadTotal, ec.TagClientUploadState,
			ec.TagClientDownloadState, ec.TagClientIdentState, ec.TagClientExtProtocol, ec.TagClientWaitingPosition,
			ec.TagClientRemoteQueueRank, ec.TagClientOldRemoteQueueRank, ec.TagClientObfuscationStatus,
			ec.TagClientKadPort, ec.TagClientFriendSlot,
		},
		full: []codec.TagName{ec.TagClientUploadFile, ec.TagClientRequestFile, ec.TagClientRemoteFileName},
		increment: []codec.TagName{
			ec.TagClientDownSpeed, ec.TagClientDisableViewShared, ec.TagClientVersion, ec.TagClientModVersion,
			ec.TagClientOSInfo, ec.TagClientAvailableParts,
		},
	}.accumulate()

	// conditionalTags are sent of a peer while it gets a file from here or is
	// asked for one. When that ends, they just stop being sent.
	conditionalTags = []codec.TagName{
		ec.TagPartFileName, ec.TagClientUploadPartStatus,
		ec.TagClientPartStatus, ec.TagClientNextRequestedPart, ec.TagClientLastDownloadingPart,
	}

	serverTags = tagLevels{increment: []codec.TagName{
		ec.TagServerName, ec.TagServerDesc, ec.TagServerVersion, ec.TagServerIP, ec.TagServerPort, ec.TagServerPing,
		ec.TagServerPrio, ec.TagServerFailed, ec.TagServerStatic, ec.TagServerUsers, ec.TagServerUsersMax, ec.TagServerFiles,
	}}

	friendTags = tagLevels{increment: []codec.TagName{
		ec.TagFriendName, ec.TagFriendHash, ec.TagFriendIP, ec.TagFriendPort, ec.TagFriendClient,
	}}
)

// tagLevels has the tags of an object by detail level.
type tagLevels struct{ update, full, increment []codec.TagName }

// accumulate gives each level the tags of the ones below.
func (t tagLevels) accumulate() tagLevels {
	t.full = slices.Concat(t.update, t.full)
	t.increment = slices.Concat(t.full, t.increment)
	return t
}
